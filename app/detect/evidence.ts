/** Evidence as SQL that an analyst can run as it stands: the text of a named query with its parameters written in. */
import type { Evidence } from '../../core/definition.ts';
import { queryNamed } from '../../sql/queries.ts';

const placeholder = /\{(\w+):([^{}]+)\}/g;

/** A value as a ClickHouse literal; strings cannot end their quotes. */
function literal(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return `[${value.map(literal).join(', ')}]`;
}

/** The name of a column in its quotes, out of which it cannot come. */
function identifier(value: string | number | readonly string[]): string {
  return `\`${String(value).replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/**
 * The SQL of an evidence. A parameter without a value stays as it is, so that the reader sees what is open.
 * @example writeParams('SELECT {a:String}', { a: "it's" }) // "SELECT 'it\\'s'"
 */
export function writeParams(text: string, params: Evidence['params']): string {
  return text.replace(placeholder, (whole, name: string, type: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return type === 'Identifier' ? identifier(value) : literal(value);
  });
}

/** @see writeParams */
export function evidenceSql({ query, sql, params }: Evidence): string {
  if (sql !== undefined) return writeParams(sql, params);
  return query === '' ? '' : writeParams(queryNamed(query).sql, params);
}
