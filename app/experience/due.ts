/** Which days the experience index is to be judged for by itself: over and never judged, or changed by late records since. */
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';
import { legsComplete } from '../detect/watermarks.ts';
import { sourcesOf } from './judge.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** What ended longer ago is history: `weir experience judge` does it when asked. */
const pastDays = 7;
/** A day that late records change is not judged again sooner than this after it was judged. */
const againMs = hourMs;
/** A day is judged without some of its records when they have not come so long after its end. */
const patienceMs = 6 * hourMs;
/** What has no watermark, readings and complaints, is taken for complete so long after the end of a day. */
const settledMs = hourMs;

/** A day as the query states it. */
export interface ExperienceDay {
  /** Start, in s since 1970. */
  readonly day: number;
  /** Run of the last time; 0 = never. */
  readonly run: number;
  /** Whether that run had all records. */
  readonly complete: boolean;
  /** Latest arrival, ms since 1970. */
  readonly changed: number;
}

/**
 * What is to be done with a day. Runs carry their begin: a thousandth of the number is ms since 1970.
 * @param complete whether all records of the day are there
 * @returns undefined: nothing; else whether it is judged as complete
 * @example dueOf({ day: 0, run: 0, complete: false, changed: 1 }, true, 90_000_000) // 'complete'
 */
export function dueOf(
  { day, run, complete: before, changed }: ExperienceDay,
  complete: boolean,
  instant: number,
): 'complete' | 'partial' | undefined {
  const end = day * 1000 + dayMs;
  if (instant < end) return undefined;
  const state = complete ? 'complete' : 'partial';
  if (run === 0) return complete || instant >= end + patienceMs ? state : undefined;
  const began = Math.floor(run / 1000);
  return instant - began >= againMs && (changed > began || (complete && !before)) ? state : undefined;
}

const watermarkColumns = { leg: 'text', source: 'text', complete_to: 'instant' } as const;
const dayColumns = { day: 'number', run: 'number', complete: 'number', changed: 'number' } as const;

/** Days that are due now, the oldest first. */
export async function experienceDue(
  store: Pick<Store, 'rows'>,
  settings: Settings,
  instant: number,
): Promise<readonly { readonly from: number; readonly state: 'complete' | 'partial' }[]> {
  const { tenant, experience, service } = settings;
  const since = writeInstant((Math.floor(instant / dayMs) - pastDays) * dayMs);
  const params = { tenant, since, legs: experience.legs, online_metrics: service.statusMetrics };
  const days = readRows(dayColumns, await store.rows('experience-days', params, { timeoutMs: 60_000 }));
  if (!days.ok) throw new Error(`query experience-days: ${days.error}`);
  const marks = readRows(watermarkColumns, await store.rows('reconcile-watermarks', { tenant }));
  if (!marks.ok) throw new Error(`query reconcile-watermarks: ${marks.error}`);
  const completeTo = legsComplete(new Map(marks.rows.map((row) => [`${row.leg}/${row.source}`, row.complete_to])));
  const due: { from: number; state: 'complete' | 'partial' }[] = [];
  for (const { complete: before, ...row } of days.rows) {
    const day = { ...row, complete: before === 1 };
    const from = day.day * 1000;
    // Only what may be due is asked for its legs.
    if (dueOf(day, true, instant) === undefined) continue;
    const { legs } = await sourcesOf(store, settings, from);
    const complete =
      instant >= from + dayMs + (Object.keys(legs).length === 0 ? settledMs : 0) &&
      Object.values(legs).every((leg) => (completeTo.get(leg) ?? 0) >= from + dayMs);
    const state = dueOf(day, complete, instant);
    if (state) due.push({ from, state });
  }
  return due;
}
