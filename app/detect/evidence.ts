/** Evidence as SQL that an analyst can run as it stands: the text of a named query with its parameters written in. */
import { readFileSync } from 'node:fs';
import type { Evidence } from '../../core/definition.ts';

const folder = new URL('../../sql/queries/', import.meta.url);
const texts = new Map<string, string>();
const placeholder = /\{(\w+):[^{}]+\}/g;
const queryName = /^[a-z0-9-]+$/;

/** Text of a named query, read once. Throws when there is none. */
function queryText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    if (!queryName.test(name)) throw new Error(`not a query name: ${name}`);
    text = readFileSync(new URL(`${name}.sql`, folder), 'utf8').trim();
    texts.set(name, text);
  }
  return text;
}

/** A value as a ClickHouse literal; strings cannot end their quotes. */
function literal(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return `[${value.map(literal).join(', ')}]`;
}

/**
 * The SQL of an evidence. A parameter without a value stays as it is, so that the reader sees what is open.
 * @example writeParams('SELECT {a:String}', { a: "it's" }) // "SELECT 'it\\'s'"
 */
export function writeParams(text: string, params: Evidence['params']): string {
  return text.replace(placeholder, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : literal(value);
  });
}

/** @see writeParams */
export function evidenceSql({ query, params }: Evidence): string {
  return query === '' ? '' : writeParams(queryText(query), params);
}
