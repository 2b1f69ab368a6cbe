/** Which days are to be reconciled by themselves: complete on both legs and never done, or changed by late records since. */
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { legsComplete } from '../detect/watermarks.ts';
import { type Comparison, comparisonsOf } from './comparison.ts';
import type { ReconcileRequest, ReconcileStore } from './run.ts';

const dayMs = 86_400_000;
/** What ended longer ago is history: `weir reconcile` does it when asked. */
const pastDays = 7;
/** A day that late records change is not done again sooner than this after it was done. */
const againMs = 3_600_000;

/** A day as the query states it. */
export interface ReconcilableDay {
  /** Start, in s since 1970. */
  readonly day: number;
  /** Run of the last time; 0 = never. */
  readonly run: number;
  /** Latest change, ms since 1970. */
  readonly changed: number;
}

/**
 * Whether a day is due. Runs carry their begin: a thousandth of the number is ms since 1970.
 * @param completeTo event time up to which both legs are complete
 */
export function isDue({ day, run, changed }: ReconcilableDay, completeTo: number, instant: number): boolean {
  if (day * 1000 + dayMs > completeTo) return false;
  if (run === 0) return true;
  const began = Math.floor(run / 1000);
  return changed > began && instant - began >= againMs;
}

const watermarkColumns = { leg: 'text', source: 'text', complete_to: 'instant' } as const;
const dayColumns = { day: 'number', run: 'number', changed: 'number' } as const;

async function daysOf(store: ReconcileStore, tenant: string, comparison: Comparison, instant: number) {
  const since = writeInstant((Math.floor(instant / dayMs) - pastDays) * dayMs);
  const { control, name, a, b } = comparison;
  const raw = await store.rows('reconcile-days', { tenant, control, comparison: name, leg_a: a, leg_b: b, since });
  const read = readRows(dayColumns, raw);
  if (!read.ok) throw new Error(`query reconcile-days: ${read.error}`);
  return read.rows;
}

/** What is due now, oldest day first within each comparison. */
export async function reconciliationsDue(store: ReconcileStore, settings: Settings, instant: number): Promise<readonly ReconcileRequest[]> {
  const { tenant, currency, reconciliation } = settings;
  const read = readRows(watermarkColumns, await store.rows('reconcile-watermarks', { tenant }));
  if (!read.ok) throw new Error(`query reconcile-watermarks: ${read.error}`);
  const complete = legsComplete(new Map(read.rows.map(({ leg, source, complete_to }) => [`${leg}/${source}`, complete_to])));
  const controls = [...new Set(reconciliation.comparisons.map(({ control }) => control))];
  const due: ReconcileRequest[] = [];
  for (const comparison of controls.flatMap((control) => comparisonsOf(settings, control))) {
    const completeTo = Math.min(complete.get(comparison.a) ?? 0, complete.get(comparison.b) ?? 0);
    if (completeTo === 0 || settings.controls[comparison.control]?.enabled === false) continue;
    for (const each of await daysOf(store, tenant, comparison, instant)) {
      if (!isDue(each, completeTo, instant)) continue;
      due.push({ tenant, currency, comparison, window: { from: each.day * 1000, to: each.day * 1000 + dayMs } });
    }
  }
  return due;
}
