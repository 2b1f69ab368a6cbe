/**
 * Reconciles two legs over one window, inside ClickHouse: by key within slices of time, what is left by key over the window, then by time,
 * then by the day's sums; what breaks is explained. Each step is a named query, so that what it did can be read from its tables.
 * A run that is interrupted leaves rows that no view shows and that the next run of the window drops.
 */
import type { Clock } from '../../core/clock.ts';
import type { Window } from '../../core/finding.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Cause } from '../../detectors/explain/breaks.ts';
import { queryNamed } from '../../sql/queries.ts';
import { dropRuns } from '../../sql/runs.ts';
import type { Store } from '../../sql/store.ts';
import { causesOf } from './causes.ts';
import { type Comparison, kindsCompared, toleranceParams, wholesaleLeg } from './comparison.ts';
import { type Legs, legsOf } from './legs.ts';
import { type Slice, slicesOf } from './slices.ts';

export type ReconcileStore = Pick<Store, 'rows' | 'command' | 'insert' | 'cluster'>;

export interface ReconcileRequest {
  readonly tenant: string;
  readonly currency: string;
  readonly comparison: Comparison;
  /** Event time, whole hours. */
  readonly window: Window;
}

/** Records by what became of them; `settled` counts rows that agree by the day's sums. */
export interface Counts {
  readonly exact: number;
  readonly within_tolerance: number;
  readonly settled: number;
  readonly mismatch: number;
  readonly a_only: number;
  readonly b_only: number;
}

export interface Reconciled {
  readonly comparison: Comparison;
  readonly window: Window;
  readonly run: number;
  readonly state: 'done' | 'not_applicable';
  /** Why it is not applicable. */
  readonly note: string;
  readonly legs: Legs;
  readonly counts: Counts;
  /** Largest first. */
  readonly causes: readonly Cause[];
  readonly tookMs: number;
}

/** Called before each step with its name and how much is done, 0 to 1. */
export type OnStep = (step: string, done: number) => void;

/** Open rows of one query: what a pass by cost holds in memory. */
const openPerQuery = 1_000_000;
const queryTimeoutMs = 120_000;
const noCounts: Counts = { exact: 0, within_tolerance: 0, settled: 0, mismatch: 0, a_only: 0, b_only: 0 };

type Params = Readonly<Record<string, unknown>>;

/** What every step needs. */
interface Work {
  readonly store: ReconcileStore;
  readonly params: Params;
  readonly whole: Slice;
  readonly onStep: OnStep;
}

/**
 * One window of one comparison. Rejects when ClickHouse does; the tables then show the run before.
 * @returns what it found, stored in reconciliations, reconciliation_pairs and reconciliation_causes
 */
export async function reconcile(
  store: ReconcileStore,
  clock: Clock,
  request: ReconcileRequest,
  onStep: OnStep = () => undefined,
): Promise<Reconciled> {
  const began = clock.now();
  const { tenant, comparison, window } = request;
  const tolerances = toleranceParams(comparison);
  const base = {
    tenant,
    control: comparison.control,
    comparison: comparison.name,
    run: runOf(request, began),
    from: writeInstant(window.from),
    to: writeInstant(window.to),
    leg_a: comparison.a,
    leg_b: comparison.b,
    partner: comparison.partner,
    wholesale_leg: wholesaleLeg(comparison),
    by_imsi: comparison.subscriber === 'imsi',
    ...tolerances,
  };
  onStep('legs', 0);
  const kinds = await readKinds(store, base, comparison);
  const legs = await legsOf(store, { ...base, kinds }, request);
  const result = { comparison, window, run: base.run, legs };
  if (legs.missing !== '') {
    const nothing = {
      ...result,
      state: 'not_applicable',
      note: legs.missing,
      counts: noCounts,
      causes: [],
      tookMs: clock.now() - began,
    } as const;
    await state(store, request, nothing, clock.now());
    return nothing;
  }
  const slices = slicesOf(window, legs.records, tolerances['start_ms']!);
  const whole = { from: slices[0]!.from, to: slices.at(-1)!.to };
  const params = {
    ...base,
    kinds,
    use_charging_id: legs.useChargingId,
    use_session_id: legs.useSessionId,
    compare_charge: legs.compareCharge,
    charging_leg: legs.chargingLeg,
    rates: legs.rates,
  };
  const work: Work = { store, params, whole, onStep };
  await byKey(work, slices);
  const lastPass = await byCost(work);
  await settle(work, lastPass);
  onStep('causes', 0.92);
  const counts = await readCounts(store, params);
  const causes = await causesOf(store, params, {
    records: legs.records,
    tolerances: comparison.tolerances,
    compareCharge: legs.compareCharge,
  });
  const done = { ...result, state: 'done', note: legs.note, counts, causes, tookMs: clock.now() - began } as const;
  await state(store, request, done, clock.now());
  await forget(store, params, base.run);
  onStep('done', 1);
  return done;
}

/** Grows with time; two comparisons that begin in one millisecond differ. */
function runOf({ comparison, window }: ReconcileRequest, instant: number): number {
  let hash = 7;
  for (const character of `${comparison.control}/${comparison.name}/${window.from}`) hash = (hash * 31 + character.charCodeAt(0)) % 997;
  return instant * 1000 + hash;
}

async function readKinds(store: ReconcileStore, params: Params, comparison: Comparison): Promise<readonly number[]> {
  const columns = { leg: 'text', service: 'text', direction: 'text', records: 'number' } as const;
  const read = readRows(columns, await store.rows('reconcile-kinds', params, { timeoutMs: queryTimeoutMs }));
  if (!read.ok) throw new Error(`query reconcile-kinds: ${read.error}`);
  return kindsCompared(read.rows, comparison);
}

const slice = ({ from, to }: Slice): Params => ({ slice_from: writeInstant(from), slice_to: writeInstant(to) });

const run = ({ store, params }: Work, query: string, more: Params): Promise<void> =>
  store.command(queryNamed(query).sql, { ...params, ...more });

const openColumns = { pass: 'number', class: 'text', slice: 'number', records: 'number' } as const;

async function readOpen({ store, params }: Work) {
  const read = readRows(openColumns, await store.rows('reconcile-open', params, { timeoutMs: queryTimeoutMs }));
  if (!read.ok) throw new Error(`query reconcile-open: ${read.error}`);
  return read.rows;
}

/** How many queries a pass is cut into, by what it would read. */
async function partsOf(work: Work, pass: number): Promise<number> {
  const open = (await readOpen(work)).filter((row) => row.class === '' && row.pass === pass).reduce((sum, { records }) => sum + records, 0);
  return Math.ceil(open / openPerQuery);
}

async function byKey(work: Work, slices: readonly Slice[]): Promise<void> {
  let done = 0;
  await inTurn(slices, async (each) => {
    work.onStep('by key', 0.05 + (0.65 * done++) / slices.length);
    await run(work, 'reconcile-by-key', slice(each));
  });
  const several = new Set((await readOpen(work)).filter((row) => row.class === 'several').map((row) => row.slice));
  for (const each of slices) if (several.has(each.from)) await run(work, 'reconcile-several', slice(each));
}

/** Two at a time: each query works in one thread, so that none waits for the other's inserts and nothing is merged between threads. */
async function inTurn<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all([worker(), worker()]);
}

/** A shift of B's clock is tried where it would place so much of what is open on the smaller side. */
const shiftShare = 0.3;
const shiftFewest = 10;

/** The passes over what is open. Returns the number of the last one. */
async function byCost(work: Work): Promise<number> {
  const pass = async (number: number, by: 'key' | 'time', shiftMs: number): Promise<void> => {
    const parts = await partsOf(work, number - 1);
    for (let part = 0; part < parts; part++) {
      await run(work, 'reconcile-by-cost', { by, pass: number, slices: parts, slice: part, shift_ms: shiftMs });
    }
  };
  work.onStep('by key over the window', 0.72);
  await pass(1, 'key', 0);
  work.onStep('by time', 0.76);
  await pass(2, 'time', 0);
  const shift = await shiftOf(work);
  if (shift === 0) return 2;
  work.onStep('by time, clock moved', 0.82);
  await pass(3, 'time', shift * 1000);
  return 3;
}

const offsetColumns = { seconds: 'number', records: 'number', open_a: 'number', open_b: 'number' } as const;

/** Seconds by which the clock of B seems ahead; 0 = not. */
async function shiftOf({ store, params }: Work): Promise<number> {
  const read = readRows(offsetColumns, await store.rows('reconcile-offset', params, { timeoutMs: queryTimeoutMs }));
  if (!read.ok) throw new Error(`query reconcile-offset: ${read.error}`);
  const best = read.rows[0];
  return best && best.records >= Math.max(shiftFewest, shiftShare * Math.min(best.open_a, best.open_b)) ? best.seconds : 0;
}

async function settle(work: Work, lastPass: number): Promise<void> {
  work.onStep('by the day', 0.86);
  const open = (await readOpen(work)).filter((row) => row.class === 'mismatch' || (row.class === '' && row.pass === lastPass));
  const parts = Math.ceil(open.reduce((sum, { records }) => sum + records, 0) / openPerQuery);
  for (let part = 0; part < parts; part++) {
    await run(work, 'reconcile-settle', { ...slice(work.whole), last_pass: lastPass, slices: parts, slice: part });
  }
}

const countColumns = {
  exact: 'number',
  within_tolerance: 'number',
  settled: 'number',
  mismatch: 'number',
  a_only: 'number',
  b_only: 'number',
} as const;

async function readCounts(store: ReconcileStore, params: Params): Promise<Counts> {
  const read = readRows(countColumns, await store.rows('reconcile-counts', params, { timeoutMs: queryTimeoutMs }));
  if (!read.ok) throw new Error(`query reconcile-counts: ${read.error}`);
  return read.rows[0] ?? noCounts;
}

/** Stores causes, then the run itself: from then on the views show it. */
async function state(store: ReconcileStore, { tenant, currency }: ReconcileRequest, done: Reconciled, instant: number): Promise<void> {
  const { comparison, window, run: number, legs, counts, causes, note } = done;
  const common = { tenant, control: comparison.control, comparison: comparison.name, run: number, window_from: writeInstant(window.from) };
  const finished = writeInstant(instant);
  const rows = causes.map(({ moreA, moreB, beganAt, ...cause }) => ({
    ...common,
    ...cause,
    more_a: Math.round(moreA),
    more_b: Math.round(moreB),
    began_at: writeInstant(beganAt),
    finished_at: finished,
  }));
  await store.insert('reconciliation_causes', rows, `reconciliation_causes/${tenant}/${number}`);
  const row = {
    ...common,
    window_to: writeInstant(window.to),
    leg_a: comparison.a,
    leg_b: comparison.b,
    partner: comparison.partner,
    state: done.state,
    note,
    records_a: legs.recordsA,
    records_b: legs.recordsB,
    ...counts,
    charge_a: legs.chargeA,
    charge_b: legs.chargeB,
    currency,
    tolerances: { ...comparison.tolerances },
    finished_at: finished,
    took_ms: Math.round(done.tookMs),
  };
  await store.insert('reconciliations', [row], `reconciliations/${tenant}/${number}`);
}

/** What the run needed, and the runs that it replaces. */
async function forget(store: ReconcileStore, params: Params, current: number): Promise<void> {
  const rows = await store.rows<{ run: string }>('reconcile-replaced', params, { timeoutMs: queryTimeoutMs });
  await dropRuns(store, [current], ['reconciliation_open']);
  await dropRuns(
    store,
    rows.map(({ run: each }) => Number(each)),
    ['reconciliation_open', 'reconciliation_pairs'],
  );
}
