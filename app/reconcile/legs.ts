/** What two legs hold in a window: how much, which identifiers both state, and what their units cost. */
import { readRows } from '../../core/row.ts';
import type { ReconcileRequest, ReconcileStore } from './run.ts';

export interface Legs {
  readonly recordsA: number;
  readonly recordsB: number;
  readonly records: number;
  /** Micro-units in the window. */
  readonly chargeA: number;
  readonly chargeB: number;
  readonly useChargingId: boolean;
  readonly useSessionId: boolean;
  readonly compareCharge: boolean;
  /** The leg whose charges price units: b where it charges, else a; empty = neither does. */
  readonly chargingLeg: 'a' | 'b' | '';
  /** Micro-units per unit of that leg, by service: second of voice, octet of data, else record. Where neither charges, those of the leg that does. */
  readonly rates: Readonly<Record<string, number>>;
  /** What is missing, for a person; empty = nothing. */
  readonly missing: string;
  /** What to know about a result. */
  readonly note: string;
}

const columns = {
  leg: 'text',
  service: 'text',
  records: 'number',
  with_charging_id: 'number',
  with_session_id: 'number',
  seconds: 'number',
  octets: 'number',
  events: 'number',
  charges: 'number',
  currencies: 'texts',
} as const;

const rateColumns = { service: 'text', seconds: 'number', octets: 'number', events: 'number', charges: 'number' } as const;

interface LegRow {
  readonly service: string;
  readonly records: number;
  readonly with_charging_id: number;
  readonly with_session_id: number;
  readonly seconds: number;
  readonly octets: number;
  readonly events: number;
  readonly charges: number;
  readonly currencies: readonly string[];
}

/** An identifier counts as stated by a leg when a hundredth of its records have it. */
const leastStated = 0.01;

const sum = (rows: readonly LegRow[], of: (row: LegRow) => number): number => rows.reduce((total, row) => total + of(row), 0);

type Priced = Pick<LegRow, 'service' | 'seconds' | 'octets' | 'events' | 'charges'>;

function unitsOf({ service, seconds, octets, events }: Priced): number {
  return service === 'voice' ? seconds : service === 'data' ? octets : events;
}

function ratesOf(rows: readonly Priced[]): Readonly<Record<string, number>> {
  return Object.fromEntries(rows.flatMap((row) => (unitsOf(row) > 0 ? [[row.service, row.charges / unitsOf(row)]] : [])));
}

/** Rates of the leg that charges, where neither of the two does; none where nothing is charged. */
async function ratesElsewhere(store: ReconcileStore, params: object, currency: string): Promise<Readonly<Record<string, number>>> {
  const read = readRows(rateColumns, await store.rows('reconcile-rates', { ...params, currency }, { timeoutMs: 120_000 }));
  if (!read.ok) throw new Error(`query reconcile-rates: ${read.error}`);
  return ratesOf(read.rows);
}

/** Reads both legs; `missing` says which has no records, then nothing can be compared. */
export async function legsOf(store: ReconcileStore, params: object, { comparison, currency }: ReconcileRequest): Promise<Legs> {
  const read = readRows(columns, await store.rows('reconcile-legs', { ...params }, { timeoutMs: 120_000 }));
  if (!read.ok) throw new Error(`query reconcile-legs: ${read.error}`);
  const a = read.rows.filter(({ leg }) => leg === comparison.a);
  const b = read.rows.filter(({ leg }) => leg === comparison.b);
  const recordsA = sum(a, ({ records }) => records);
  const recordsB = sum(b, ({ records }) => records);
  const stated = (of: (row: LegRow) => number) => sum(a, of) >= leastStated * recordsA && sum(b, of) >= leastStated * recordsB;
  const chargeA = sum(a, ({ charges }) => charges);
  const chargeB = sum(b, ({ charges }) => charges);
  const currencies = [...new Set([...a, ...b].flatMap((row) => row.currencies))];
  const sameCurrency = currencies.every((each) => each === currency || each === '');
  const compare = comparison.compareCharge;
  const both = chargeA > 0 && chargeB > 0 && sameCurrency;
  const chargingLeg = !sameCurrency ? '' : chargeB > 0 ? 'b' : chargeA > 0 ? 'a' : '';
  const lacking = [recordsA === 0 ? comparison.a : '', recordsB === 0 ? comparison.b : ''].filter(Boolean);
  return {
    recordsA,
    recordsB,
    records: recordsA + recordsB,
    chargeA,
    chargeB,
    useChargingId: stated((row) => row.with_charging_id),
    useSessionId: stated((row) => row.with_session_id),
    compareCharge: both && (compare === 'yes' || (compare === 'auto' && comparison.control !== 'S09')),
    chargingLeg,
    rates: chargingLeg !== '' ? ratesOf(chargingLeg === 'b' ? b : a) : sameCurrency ? await ratesElsewhere(store, params, currency) : {},
    missing: lacking.length > 0 ? `records of the leg${lacking.length > 1 ? 's' : ''} ${lacking.join(' and ')} that both legs carry` : '',
    note: sameCurrency ? '' : `no amounts: charges are in ${currencies.join(', ')}, not in ${currency}`,
  };
}
