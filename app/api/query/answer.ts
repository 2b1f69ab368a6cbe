/** An answer of ClickHouse to an analyst's question as frames. */
import { WeirError } from '../../../core/errors.ts';
import type { Answer } from '../../../sql/analyst.ts';
import { type Column, type FieldType, type Frame, frameOf } from './frame.ts';

/** Most series of one answer: more is no picture. */
export const mostSeries = 500;

interface Read {
  readonly type: FieldType;
  readonly value: (value: unknown) => unknown;
}

/** The type without Nullable and LowCardinality around it. */
function plain(type: string): string {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : plain(inner);
}

const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
const asNumber = (value: unknown): number | null => {
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
};

/** How a column of that ClickHouse type is read. @param zone time zone of the server, for times that state none */
function readOf(type: string, zone: string): Read {
  const name = plain(type);
  if (/^(U?Int\d+|Float\d+|BFloat16|Decimal)/.test(name)) return { type: 'number', value: asNumber };
  if (name === 'Bool') return { type: 'boolean', value: (value) => (value === null ? null : value === true || value === 'true') };
  if (/^Date(32)?$/.test(name)) return { type: 'time', value: (value) => instantOf(`${value} 00:00:00`, 'UTC') };
  if (/^DateTime/.test(name)) {
    const stated = /'([^']+)'/.exec(name)?.[1] ?? zone;
    return { type: 'time', value: (value) => (value === null ? null : instantOf(String(value), stated)) };
  }
  return { type: 'string', value: asText };
}

/**
 * A time as ClickHouse writes it, ms since 1970; null when it is none. The hour that a zone has twice is taken as its first.
 * @example instantOf('2026-11-21 10:00:00.250', 'UTC') // 1795255200250
 * @example instantOf('2026-11-21 11:00:00', 'Europe/Berlin') // 1795255200000
 */
export function instantOf(text: string, zone: string): number | null {
  const [day, time = ''] = text.slice(0, 23).split(' ');
  const asUtc = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(asUtc)) return null;
  if (zone === 'UTC' || zone === 'Etc/UTC') return asUtc;
  // The offset at the instant that results; near a change of clocks the first guess may lie on its other side.
  const guess = asUtc - offsetOf(asUtc, zone);
  return asUtc - offsetOf(guess, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetOf(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch {
      return 0;
    }
    formats.set(zone, format);
  }
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A 64-bit integer that JavaScript would round stays text. */
function safe(column: Column): Column {
  const rounded = column.values.some(
    (value) => typeof value === 'string' && /^-?\d{16,}$/.test(value) && !Number.isSafeInteger(Number(value)),
  );
  if (rounded) return { ...column, type: 'string' };
  return { ...column, values: column.values.map(asNumber) };
}

/** The answer as columns. */
export function columnsOf({ columns, rows }: Answer, zone: string): Column[] {
  return columns.map(({ name, type }, index) => {
    const read = readOf(type, zone);
    const raw = rows.map((row) => row[index]);
    if (read.type === 'number') {
      const column: Column = { name, type: 'number', values: raw };
      return /^U?Int(64|128|256)/.test(plain(type)) ? safe(column) : { ...column, values: raw.map(read.value) };
    }
    return { name, type: read.type, values: raw.map(read.value) };
  });
}

/**
 * Series out of a table: the column `time`, or else its first time, is the axis; each set of values of its text columns is a series of each number.
 * Rows are brought into the order of time; rows without time are left out.
 * @throws WeirError usage when it has no time or no number
 */
export function seriesOf(columns: readonly Column[], sql: string): Frame[] {
  const time = columns.find(({ name, type }) => type === 'time' && name === 'time') ?? columns.find(({ type }) => type === 'time');
  const numbers = columns.filter(({ type }) => type === 'number');
  const labels = columns.filter(({ type }) => type === 'string' || type === 'boolean');
  if (!time || numbers.length === 0)
    throw new WeirError(
      'usage',
      `A time series needs a column of time and one of numbers; there are ${columns.map(({ name, type }) => `${name} (${type})`).join(', ')}.`,
      {
        hint: 'Name a column time, or choose the format table.',
      },
    );
  const order = time.values
    .map((value, index) => [value as number | null, index] as const)
    .filter((entry): entry is readonly [number, number] => entry[0] !== null)
    .sort(([a, i], [b, j]) => a - b || i - j);
  const groups = new Map<string, number[]>();
  for (const [, index] of order) {
    const key = JSON.stringify(labels.map(({ values }) => values[index]));
    const rows = groups.get(key);
    if (rows) rows.push(index);
    else if (groups.size < mostSeries) groups.set(key, [index]);
    else
      throw new WeirError('query_refused', `The answer has more than ${mostSeries} series.`, {
        hint: 'Keep the largest, e.g. by LIMIT BY or a filter.',
      });
  }
  const meta = { type: 'timeseries-multi' as const, executedQueryString: sql };
  if (groups.size === 0) return [frameOf([{ ...time, values: [] }, ...numbers.map((number) => ({ ...number, values: [] }))], meta)];
  return [...groups.values()].map((rows) => {
    const own = Object.fromEntries(labels.map(({ name, values }) => [name, String(values[rows[0]!] ?? '')]));
    const shown = Object.values(own).join(' ');
    return frameOf(
      [
        { name: time.name, type: 'time', values: rows.map((index) => time.values[index]) },
        ...numbers.map((number) => ({
          ...number,
          ...(labels.length === 0
            ? {}
            : { labels: own, config: { ...number.config, displayNameFromDS: numbers.length === 1 ? shown : `${number.name} ${shown}` } }),
          values: rows.map((index) => number.values[index]),
        })),
      ],
      meta,
    );
  });
}

/** The answer as one table. */
export function tableOf(columns: readonly Column[], sql: string): Frame {
  return frameOf(columns, { type: 'table', executedQueryString: sql });
}
