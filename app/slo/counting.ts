/** Slices of an objective in the table: counts what is new, counts again what late data touched, and sums windows. */
import { writeInstant } from '../../core/row.ts';
import { type Counted, type Counts, type Objective, type Slice, windowAt } from '../../detectors/service/slo/index.ts';
import type { DetectionStore } from '../detect/port.ts';
import { sourceHash } from './read.ts';
import { readSlices, type SliceSources } from './slices.ts';

const dayMs = 86_400_000;
/** Longest stretch of one question. */
const chunkMs = dayMs;
const deadline = { timeoutMs: 30_000 };

export interface Counting {
  readonly store: DetectionStore;
  readonly sources: SliceSources;
  /** Grows: what is counted later holds. */
  readonly version: () => number;
}

function slicesIn(from: number, to: number, sliceMs: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.round((to - from) / sliceMs)) }, (_, at) => from + at * sliceMs);
}

/** Counts [from, to) and stores it, at most a day at once. @param again slices that no longer have data are stored as empty too */
export async function countStretch(
  { store, sources, version }: Counting,
  objective: Objective,
  from: number,
  to: number,
  again: boolean,
): Promise<void> {
  const slo = objective.identity;
  const source = sourceHash(objective);
  for (let begin = from; begin < to; begin += chunkMs) {
    const end = Math.min(to, begin + chunkMs);
    const found = new Map((await readSlices(sources, objective, begin, end)).map((slice) => [slice.at, slice]));
    const all = again ? slicesIn(begin, end, objective.sliceMs) : [...found.keys()];
    const stamp = version();
    const rows = all.map((at) => ({
      tenant: sources.tenant,
      slo,
      source,
      at: writeInstant(at),
      good: found.get(at)?.good ?? 0,
      total: found.get(at)?.total ?? 0,
      version: stamp,
    }));
    if (rows.length > 0) await store.insert('slo_slices', rows, `slo/${sources.tenant}/${slo}/${source}/${begin}/${end}/${stamp}`);
  }
}

/** Beginning of the slice that holds an instant. */
export const sliceStart = (instant: number, sliceMs: number): number => Math.floor(instant / sliceMs) * sliceMs;

/**
 * Stretches to be counted again: hours that received something, put together where they touch, up to what was counted.
 * @example stretchesOf([0, 3600000, 10800000], 0, 12000000, 60000) // [{ from: 0, to: 7200000 }, { from: 10800000, to: 12000000 }]
 */
export function stretchesOf(
  hours: readonly number[],
  oldest: number,
  countedTo: number,
  sliceMs: number,
): readonly { readonly from: number; readonly to: number }[] {
  const hourMs = 3_600_000;
  const stretches: { from: number; to: number }[] = [];
  for (const hour of [...hours].sort((a, b) => a - b)) {
    // A slice longer than an hour is counted whole.
    const from = Math.max(sliceStart(hour, sliceMs), sliceStart(oldest, sliceMs));
    const to = Math.min(sliceStart(hour + hourMs - 1, sliceMs) + sliceMs, countedTo);
    const last = stretches.at(-1);
    if (to <= from) continue;
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else stretches.push({ from, to });
  }
  return stretches;
}

interface SumRow {
  readonly window: string;
  readonly good: number;
  readonly total: number;
  readonly last_at: string;
}

const none: Counts = { good: 0, total: 0 };

/** Sums of the window of an objective and of those of its rules, up to an instant. */
export async function sumWindows(store: DetectionStore, tenant: string, objective: Objective, to: number): Promise<Counted> {
  const { method, sliceTarget, sliceMinimum, sliceMs, rules } = objective;
  const { from } = windowAt(objective.window, objective.window.kind === 'calendar' ? to - 1 : to);
  const froms = [from, ...rules.flatMap(({ longMs, shortMs }) => [to - longMs, to - shortMs])];
  const rows = await store.rows<SumRow>(
    'slo-sums',
    {
      tenant,
      slo: objective.identity,
      source: sourceHash(objective),
      froms: froms.map((instant) => Math.max(0, Math.ceil(instant / 1000))),
      to: to / 1000,
      slice_target: method === 'Timeslices' ? sliceTarget : -1,
      slice_minimum: sliceMinimum,
    },
    deadline,
  );
  const byWindow = new Map(rows.map((row) => [Number(row.window), { good: Number(row.good), total: Number(row.total) }]));
  const last = Math.max(0, ...rows.map((row) => Number(row.last_at)));
  return {
    window: byWindow.get(0) ?? none,
    rules: rules.map((_, at) => ({ long: byWindow.get(1 + 2 * at) ?? none, short: byWindow.get(2 + 2 * at) ?? none })),
    lastDataAt: last === 0 ? undefined : last * 1000 + sliceMs,
  };
}

/** Good and all of an objective in [from, to): slices that were counted. */
export async function sumStretch(
  store: Pick<DetectionStore, 'rows'>,
  tenant: string,
  objective: Objective,
  from: number,
  to: number,
): Promise<Counts> {
  const { method, sliceTarget, sliceMinimum } = objective;
  const [row] = await store.rows<SumRow>(
    'slo-sums',
    {
      tenant,
      slo: objective.identity,
      source: sourceHash(objective),
      froms: [Math.max(0, Math.ceil(from / 1000))],
      to: Math.floor(to / 1000),
      slice_target: method === 'Timeslices' ? sliceTarget : -1,
      slice_minimum: sliceMinimum,
    },
    deadline,
  );
  return row ? { good: Number(row.good), total: Number(row.total) } : none;
}

/** Slices of [from, to) that have data, in order. */
export async function storedSlices(
  store: DetectionStore,
  tenant: string,
  objective: Objective,
  from: number,
  to: number,
): Promise<readonly Slice[]> {
  const rows = await store.rows<{ at: string; good: number; total: number }>(
    'slo-slices',
    {
      tenant,
      slo: objective.identity,
      source: sourceHash(objective),
      from: Math.max(0, Math.floor(from / 1000)),
      to: Math.floor(to / 1000),
    },
    deadline,
  );
  return rows.map(({ at, good, total }) => ({ at: Number(at) * 1000, good: Number(good), total: Number(total) }));
}
