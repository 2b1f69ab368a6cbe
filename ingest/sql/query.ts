/** The query of a source as it is sent: names become placeholders, and incremental reading is put around it. */
import { WeirError } from '../../core/errors.ts';
import type { SqlDriver, SqlParameter } from './driver.ts';

export interface BoundQuery {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Names that a query may use. */
export type QueryNames = Readonly<Record<string, SqlParameter | undefined>>;

/** Where text begins that holds no names: literals, quoted names, comments; a cast of PostgreSQL is no name either. */
const skipped = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([a-z_]+)\b/g;

/**
 * The names of a query, outside of text and comments.
 * @example namesOf("SELECT a::text, ':x' FROM t WHERE at >= :from") // ['from']
 */
export function namesOf(query: string): string[] {
  return [...query.matchAll(skipped)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/**
 * Puts placeholders in place of names.
 * @throws WeirError config_invalid for a name that has no value
 */
export function bind(query: string, names: QueryNames, driver: Pick<SqlDriver, 'placeholder'>, place: string): BoundQuery {
  const parameters: SqlParameter[] = [];
  const sql = query.replace(skipped, (whole: string, name: string | undefined) => {
    if (name === undefined) return whole;
    const parameter = names[name];
    if (!parameter)
      throw new WeirError('config_invalid', `${place}: the query uses :${name}, which has no value`, {
        place,
        hint: 'A query may use :from, :to and, in mode incremental, :cursor.',
      });
    parameters.push(parameter);
    return driver.placeholder(parameters.length, parameter);
  });
  return { sql, parameters };
}

/** The query without what ends a statement. @throws WeirError config_invalid when more than one statement is there */
export function oneStatement(query: string, place: string): string {
  const text = query.trim().replace(/\s*;\s*$/, '');
  const outside = text.replace(skipped, (whole: string, name: string | undefined) => (name === undefined ? '' : whole));
  if (outside.includes(';') || !/^\s*(SELECT|WITH)\b/i.test(outside.trimStart()))
    throw new WeirError('config_invalid', `${place}: the query must be one SELECT`, {
      place,
      hint: 'One statement that begins with SELECT or WITH; what prepares it belongs into a view of the database.',
    });
  return text;
}

/** All rows from a cursor on, in its order, at most so many where the database can stop by itself. Without `from` all. */
export function incremental(
  query: string,
  driver: Pick<SqlDriver, 'quote' | 'hasLimit'>,
  cursor: string,
  hasFrom: boolean,
  limit: number,
): string {
  const column = `weir_rows.${driver.quote(cursor)}`;
  const where = hasFrom && !namesOf(query).includes('cursor') ? `\nWHERE ${column} >= :cursor` : '';
  return `SELECT * FROM (\n${query}\n) weir_rows${where}\nORDER BY ${column}${driver.hasLimit ? `\nLIMIT ${limit}` : ''}`;
}

/** As many rows as are needed to know that there are too many, where the database can stop by itself. */
export function limited(query: string, driver: Pick<SqlDriver, 'hasLimit'>, limit: number): string {
  return driver.hasLimit ? `SELECT * FROM (\n${query}\n) weir_rows\nLIMIT ${limit}` : query;
}

const time = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * A cursor as a number that can be compared: whole numbers as they are, times in µs since 1970 (without zone: UTC). Undefined for anything
 * else.
 * @example cursorOf('2026-11-01T00:00:00.5Z') // { kind: 'time', value: 1793491200500000n }
 */
export function cursorOf(value: unknown): SqlParameter | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { kind: 'number', value: BigInt(value) };
  if (typeof value !== 'string') return undefined;
  if (/^-?\d{1,18}$/.test(value)) return { kind: 'number', value: BigInt(value) };
  const [whole, date, clock = '00:00:00', fraction = '', zone = 'Z'] = time.exec(value) ?? [];
  if (!whole) return undefined;
  const offset = zone === 'Z' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const seconds = Date.parse(`${date}T${clock}${offset}`);
  if (Number.isNaN(seconds)) return undefined;
  return { kind: 'time', value: BigInt(seconds) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)) };
}
