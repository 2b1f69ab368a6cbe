/**
 * Rows of a named query as a definition wants them. ClickHouse sends 64-bit integers and decimals as strings and instants as
 * 'YYYY-MM-DD hh:mm:ss.mmm'; a definition says which column is what and gets numbers, or a sentence naming the column at fault.
 *
 * | type | from ClickHouse | in a row |
 * |---|---|---|
 * | text | String | string |
 * | number | any number, below 2^53 | number |
 * | maybe_number | Nullable number | number or null |
 * | instant | DateTime, DateTime64 (UTC) | ms since 1970 UTC |
 * | money | Decimal | micro-units |
 * | maybe_money | Nullable(Decimal) | micro-units or null |
 * | numbers | Array of numbers | number[] |
 * | texts | Array(String) | string[] |
 */
export type RowType = 'text' | 'number' | 'maybe_number' | 'instant' | 'money' | 'maybe_money' | 'numbers' | 'texts';

/** The columns of a query by name. */
export type RowColumns = Readonly<Record<string, RowType>>;

interface RowValue {
  text: string;
  number: number;
  maybe_number: number | null;
  instant: number;
  money: number;
  maybe_money: number | null;
  numbers: readonly number[];
  texts: readonly string[];
}

export type RowOf<C extends RowColumns> = { readonly [K in keyof C]: RowValue[C[K]] };

/** What `readRows` gives: the rows, or what is wrong with the first row that does not fit. */
export type ReadRows<C extends RowColumns> =
  | { readonly ok: true; readonly rows: readonly RowOf<C>[] }
  | { readonly ok: false; readonly error: string };

const instantText = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,9})?$/;
const decimalText = /^(-?)(\d{1,30})(?:\.(\d{1,20}))?$/;

/**
 * An instant as ClickHouse writes it, in ms since 1970 UTC; NaN when it is not one.
 * @example readInstant('2026-11-21 10:00:00.250') // 1795255200250
 */
export function readInstant(text: string): number {
  return instantText.test(text) ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`) : Number.NaN;
}

/**
 * An instant as a parameter of type DateTime64(3, 'UTC').
 * @example writeInstant(1795255200250) // '2026-11-21 10:00:00.250'
 */
export function writeInstant(instant: number): string {
  const text = new Date(instant).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}

/** Micro-units of a decimal of any size: exact below 2^53, the nearest number above. NaN when it is not a decimal. */
function readMoney(value: unknown): number {
  if (typeof value === 'number') return Math.round(value * 1e6);
  const match = typeof value === 'string' ? decimalText.exec(value) : null;
  if (!match) return Number.NaN;
  const micro = Number(BigInt(match[2]! + (match[3] ?? '').padEnd(6, '0').slice(0, 6)));
  return match[1] === '-' && micro !== 0 ? -micro : micro;
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function readValue(type: RowType, value: unknown): unknown {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'number':
      return orMissing(readNumber(value));
    case 'maybe_number':
      return value === null ? null : orMissing(readNumber(value));
    case 'instant':
      return typeof value === 'string' ? orMissing(readInstant(value)) : undefined;
    case 'money':
      return orMissing(readMoney(value));
    case 'maybe_money':
      return value === null ? null : orMissing(readMoney(value));
    case 'numbers':
      return allOf(value, (each) => orMissing(readNumber(each)));
    case 'texts':
      return allOf(value, (each) => (typeof each === 'string' ? each : undefined));
  }
}

/** A number that cannot be computed with is as bad as none. */
function orMissing(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function allOf<T>(value: unknown, read: (each: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const values = value.map(read).filter((each) => each !== undefined);
  return values.length === value.length ? values : undefined;
}

/**
 * The rows in the types of `columns`; columns that are not named are left out.
 * @example readRows({ n: 'number' }, [{ n: '5' }]) // { ok: true, rows: [{ n: 5 }] }
 */
export function readRows<C extends RowColumns>(columns: C, raw: readonly unknown[]): ReadRows<C> {
  const names = Object.keys(columns);
  const rows: RowOf<C>[] = [];
  for (let at = 0; at < raw.length; at++) {
    const source = raw[at] as Readonly<Record<string, unknown>>;
    const row: Record<string, unknown> = {};
    for (const name of names) {
      const value = readValue(columns[name]!, source?.[name]);
      if (value === undefined) return { ok: false, error: `row ${at + 1}: column ${name} is not a ${columns[name]}` };
      row[name] = value;
    }
    rows.push(row as RowOf<C>);
  }
  return { ok: true, rows };
}
