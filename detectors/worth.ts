/**
 * What records are worth that are missing, spoilt or come twice, where the records of the leg state no charge: the value behind one
 * record of a service is the charge of the leg that charges it most, over the records of the leg in question in the same day.
 */
import type { Valuation } from '../core/definition.ts';
import type { FindingCustomers, FindingMoney } from '../core/finding.ts';
import type { RowOf } from '../core/row.ts';
import { amountOf } from './controls/amount.ts';
import { figure } from './controls/texts.ts';

/** Columns of the query `detect-worth`. */
export const worthColumns = {
  leg: 'text',
  service: 'text',
  own: 'number',
  records: 'number',
  charge: 'money',
  squares: 'number',
  usual: 'numbers',
  present: 'number',
  customers: 'number',
  file_customers: 'number',
} as const;

type Row = RowOf<typeof worthColumns>;

/** Columns of the query `detect-worth-known`. */
export const knownColumns = {
  usages: 'number',
  value: 'number',
  customers: 'number',
  held: 'number',
  payable: 'number',
  priced: 'number',
} as const;

/** Usage that other legs tell of, in units of the currency. `held`: records that were meant, `payable`: those that anybody pays for; `priced`: 1 = by mean prices. */
export type KnownWorth = RowOf<typeof knownColumns>;

/** Mean and mean square of the value of one record, in micro-units and their squares. */
interface Value {
  readonly mean: number;
  readonly square: number;
}

/** The leg that charges the service most tells its value; none: nothing is charged, or not yet known. */
function behindOne(own: Row, rows: readonly Row[]): Value {
  const charging = rows
    .filter(({ service }) => service === own.service)
    .reduce<Row | undefined>((most, row) => (row.charge > (most?.charge ?? 0) ? row : most), undefined);
  if (!charging || own.records === 0) return { mean: 0, square: 0 };
  return { mean: charging.charge / own.records, square: (charging.squares * 1e12) / own.records };
}

/** What is said of records that nobody has. */
export interface Worth {
  /** How many. */
  readonly records: number;
  readonly money?: FindingMoney;
  readonly customers?: FindingCustomers;
  /** The amount is not a mean: other legs state the usage. */
  readonly told?: boolean;
}

/**
 * Values records. Unknown numbers are the median of the same time in up to four earlier weeks, less what came; the range is that of the
 * weeks, and where the number is known, two standard errors of the sum.
 * @param told what other legs know of the usage itself: holds where it says anything
 * @example worthOfRecords([], { query: '', params: {}, class: 'leakage', what: 'missing records' }, 'EUR') // { records: 0 }
 */
export function worthOfRecords(rows: readonly Row[], valuation: Valuation, currency: string, told?: KnownWorth): Worth {
  const found = told && told.value > 0 ? valueTold(told, valuation, currency) : undefined;
  if (found) return found;
  // Calls that came in and those that nobody answered cost nothing, whatever the others of their service do.
  if (told && told.held > 0 && told.payable === 0) return { records: valuation.records ?? told.held, told: true };
  const own = rows.filter((row) => row.own > 0);
  const all = own.reduce((sum, row) => sum + row.own, 0);
  if (all === 0) return { records: 0 };
  const values = own.map((row) => ({ share: row.own / all, ...behindOne(row, rows) }));
  const mean = values.reduce((sum, each) => sum + each.share * each.mean, 0);
  const square = values.reduce((sum, each) => sum + each.share * each.square, 0);
  const range = valuation.records === undefined ? usualOf(own) : known(valuation.records, mean, square);
  const records = Math.round(range.records);
  if (records <= 0) return { records: 0 };
  const customers = valuation.records === undefined ? (own[0]?.customers ?? 0) : (own[0]?.file_customers ?? 0);
  const people = customers > 0 ? { customers: { count: Math.min(Math.round(customers), records), segments: {} } } : {};
  if (mean === 0) return { records, ...people };
  return {
    records,
    money: amountOf(
      {
        micro: range.records * mean,
        low: valuation.perhaps ? 0 : range.low * mean,
        high: range.high * mean,
        class: valuation.class,
        method: `${figure(records)} ${valuation.what} x mean value of such a record, from the charges of the same services over a day${
          valuation.records === undefined ? '; as many as at the same time of the weeks before, less those that came' : ''
        }`,
      },
      currency,
    ),
    ...people,
  };
}

/** Other losses in the same stretch would be counted in: more usages than records that are missing are not believed. */
const believed = 1.2;
/** A price by service, zone and plan is right to about so much. */
const priceError = 0.2;

/** The sum of what other legs charged for the same usage, or of its units at the mean prices of the leg. */
function valueTold(told: KnownWorth, { records, what, perhaps, class: kind, known: way }: Valuation, currency: string): Worth | undefined {
  if (way === 'lacking' && records !== undefined && told.usages > believed * records + 5) return undefined;
  const share = way !== 'lacking' && records !== undefined && told.held > 0 ? records / told.held : 1;
  const micro = told.value * share * 1e6;
  const error = told.priced === 1 ? priceError * micro : 0;
  const count = records ?? told.usages;
  return {
    records: count,
    told: true,
    money: amountOf(
      {
        micro,
        low: perhaps ? 0 : micro - error,
        high: micro + error,
        class: kind,
        method: `${figure(count)} ${what}: ${figure(told.usages)} usages by charging id on other legs, ${
          told.priced === 1 ? 'at the mean price of their service, zone and plan' : 'at what they were charged'
        }`,
      },
      currency,
    ),
    ...(told.customers > 0 ? { customers: { count: told.customers, segments: {} } } : {}),
  };
}

function known(records: number, mean: number, square: number): { records: number; low: number; high: number } {
  const error = mean === 0 ? 0 : (2 * Math.sqrt(records * Math.max(0, square - mean * mean))) / mean;
  return { records, low: Math.max(0, records - error), high: records + error };
}

/** Records of the same time in earlier weeks less those that came: median, least and most. Weeks without any are before its time. */
function usualOf(own: readonly Row[]): { records: number; low: number; high: number } {
  const weeks = Math.max(0, ...own.map(({ usual }) => usual.length));
  const totals = Array.from({ length: weeks }, (_, week) => own.reduce((sum, { usual }) => sum + (usual[week] ?? 0), 0)).filter(
    (total) => total > 0,
  );
  const present = own.reduce((sum, row) => sum + row.present, 0);
  if (totals.length === 0) return { records: 0, low: 0, high: 0 };
  const sorted = totals.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  const less = (total: number) => Math.max(0, total - present);
  return { records: less(median), low: less(sorted[0]!), high: less(sorted.at(-1)!) };
}
