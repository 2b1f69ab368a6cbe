/** Reads the breaks of a run and has them explained; where only a part was read, counts and amounts are scaled to all. */
import { type RowOf, readRows } from '../../core/row.ts';
import type { ToleranceSettings } from '../../core/settings/index.ts';
import { type Break, type BreakClass, type Cause, explainBreaks } from '../../detectors/explain/breaks.ts';
import type { Measures } from '../../detectors/explain/patterns.ts';
import type { ReconcileStore } from './run.ts';

const dimensionNames = ['node', 'plan', 'prefix', 'zone', 'route'] as const;
const texts = { node: 'text', plan: 'text', prefix: 'text', zone: 'text', route: 'text' } as const;

const breakColumns = {
  ...texts,
  class: 'text',
  service: 'text',
  subscriber: 'text',
  record: 'text',
  start_a: 'number',
  start_b: 'number',
  ms_a: 'number',
  ms_b: 'number',
  octets_a: 'number',
  octets_b: 'number',
  charge_a: 'number',
  charge_b: 'number',
  money: 'number',
} as const;
const cellColumns = { ...texts, a: 'number', b: 'number' } as const;
const totalColumns = { class: 'text', records: 'number', more_a: 'number', more_b: 'number', customers: 'number' } as const;

/** Breaks of a class that are read: enough for shares to a tenth of a percent. */
const mostBreaks = 50_000;

/** Records that are counted to know how many each node, plan, prefix, zone and route carries: enough for shares to a thousandth. */
const mostCounted = 4_000_000;

export interface Compared {
  /** Records of both legs. */
  readonly records: number;
  readonly tolerances: ToleranceSettings;
  readonly compareCharge: boolean;
}

type BreakRow = RowOf<typeof breakColumns>;

const dimensionsOf = (row: Readonly<Record<(typeof dimensionNames)[number], string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(dimensionNames.map((name) => [name, row[name]]));

function differing(a: Measures, b: Measures, { tolerances, compareCharge }: Compared): readonly (keyof Measures)[] {
  const beyond: Readonly<Record<keyof Measures, boolean>> = {
    start: Math.abs(b.start - a.start) > tolerances.startSeconds * 1000,
    ms: Math.abs(b.ms - a.ms) > tolerances.durationSeconds * 1000,
    octets: Math.abs(b.octets - a.octets) > Math.max(tolerances.octets, (tolerances.octetsPercent / 100) * a.octets),
    charge:
      compareCharge &&
      Math.abs(b.charge - a.charge) > Math.max(tolerances.charge * 1e6, (tolerances.chargePercent / 100) * Math.abs(a.charge)),
  };
  return (['start', 'ms', 'octets', 'charge'] as const).filter((measure) => beyond[measure]);
}

function breakOf(row: BreakRow, compared: Compared): Break {
  const a = { start: row.start_a, ms: row.ms_a, octets: row.octets_a, charge: row.charge_a };
  const b = { start: row.start_b, ms: row.ms_b, octets: row.octets_b, charge: row.charge_b };
  return {
    class: row.class as BreakClass,
    service: row.service,
    subscriber: row.subscriber,
    record: row.record,
    money: row.money,
    dimensions: dimensionsOf(row),
    a,
    b,
    differs: row.class === 'mismatch' ? differing(a, b, compared) : [],
  };
}

/** Counts of a part scaled to the whole class. */
function scaled(
  cause: Cause,
  totals: ReadonlyMap<string, { readonly records: number; readonly customers: number }>,
  seen: ReadonlyMap<string, number>,
): Cause {
  const total = totals.get(cause.class);
  const factor = total ? total.records / (seen.get(cause.class) ?? total.records) : 1;
  if (factor <= 1) return cause;
  return {
    ...cause,
    records: Math.round(cause.records * factor),
    moreA: cause.moreA * factor,
    moreB: cause.moreB * factor,
    customers: Math.min(Math.round(cause.customers * factor), total!.customers),
  };
}

/** The causes of the breaks of a run, largest first. */
export async function causesOf(store: ReconcileStore, params: object, compared: Compared): Promise<readonly Cause[]> {
  const rowsOf = (query: string, more: object = {}) => store.rows(query, { ...params, ...more }, { timeoutMs: 120_000 });
  const totals = readRows(totalColumns, await rowsOf('reconcile-break-totals'));
  if (!totals.ok) throw new Error(`query reconcile-break-totals: ${totals.error}`);
  if (totals.rows.length === 0) return [];
  const cells = readRows(cellColumns, await rowsOf('reconcile-cells', { every: Math.max(1, Math.ceil(compared.records / mostCounted)) }));
  if (!cells.ok) throw new Error(`query reconcile-cells: ${cells.error}`);
  const breaks = readRows(breakColumns, await rowsOf('reconcile-breaks', { most: mostBreaks }));
  if (!breaks.ok) throw new Error(`query reconcile-breaks: ${breaks.error}`);
  const seen = new Map<string, number>();
  for (const row of breaks.rows) seen.set(row.class, (seen.get(row.class) ?? 0) + 1);
  const causes = explainBreaks(
    breaks.rows.map((row) => breakOf(row, compared)),
    cells.rows.map((row) => ({ dimensions: dimensionsOf(row), a: row.a, b: row.b })),
  );
  const byClass = new Map(totals.rows.map((row) => [row.class, row]));
  return causes.map((cause) => scaled(cause, byClass, seen));
}
