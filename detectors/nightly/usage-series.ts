/** Rows of `nightly-usage-days` as series of complete, ordinary days. Pure. */
import type { Evaluation } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { dayMs, withoutWeek } from './days.ts';

export const usageColumns = {
  leg: 'text',
  service: 'text',
  partner: 'text',
  first_day: 'instant',
  days: 'numbers',
  records: 'numbers',
  middles: 'numbers',
  total: 'number',
  charge: 'money',
  settled: 'number',
  fresh: 'number',
} as const;

export type UsageRow = RowOf<typeof usageColumns>;

export interface UsageSeries {
  readonly row: UsageRow;
  /** Start of each day, ms since 1970 UTC; complete days that are not special, the oldest first. */
  readonly days: readonly number[];
  readonly records: readonly number[];
  /** Median records of an hour of the day. */
  readonly middles: readonly number[];
  /** Days from the first with records to the last complete one. */
  readonly age: number;
  /** Why it cannot be judged now; empty = it can. */
  readonly obstacle: string;
}

/** Share of what should have been there for days that came within the last one, beyond which history is being loaded. */
const loading = 0.05;
/** A leg whose last complete day is older is not being read: its silence is another control's. */
const stale = 10;

/** Days of `lookbackMs` that the definitions ask for: eight weeks and the day that is cut off at either end. */
export const lookbackMs = 58 * dayMs;

/** Series of all rows. What a leg brought on no day of any series is a gap of the leg; on other days a series without records has none. */
export function usageSeries(rows: readonly UsageRow[], evaluation: Evaluation): readonly UsageSeries[] {
  return [...groupedBy(rows, ({ leg }) => leg).values()].flatMap((own) => {
    const present = new Set(own.flatMap(({ days }) => days));
    const newest = Math.max(...present);
    const sum = (of: (row: UsageRow) => number): number => own.reduce((total, row) => total + of(row), 0);
    const settled = sum((row) => row.settled);
    const firstDay = own[0]!.first_day;
    const behind = (evaluation.instant - firstDay) / dayMs - newest;
    const obstacle =
      settled > 0 && sum((row) => row.fresh) > loading * settled
        ? 'history is being loaded'
        : behind > stale
          ? `the last complete day of ${own[0]!.leg} is more than ${stale} days ago`
          : '';
    return own.map((row) => seriesOf(row, present, newest, evaluation, obstacle));
  });
}

function seriesOf(row: UsageRow, present: ReadonlySet<number>, newest: number, { likeDay }: Evaluation, obstacle: string): UsageSeries {
  const at = new Map(row.days.map((day, index) => [day, index]));
  // The first day of a series is seldom whole, the newest of a leg never surely.
  const first = Math.min(...row.days) + 1;
  const days = Array.from({ length: Math.max(0, newest - first) }, (_, index) => first + index).filter((day) => {
    const start = row.first_day + day * dayMs;
    return present.has(day) && !(likeDay && (likeDay(start) > 0 || likeDay(start + dayMs / 2) > 0));
  });
  const of = (values: readonly number[]) => days.map((day) => values[at.get(day) ?? -1] ?? 0);
  return {
    row,
    days: days.map((day) => row.first_day + day * dayMs),
    records: of(row.records),
    middles: of(row.middles),
    age: Math.max(0, newest - first),
    obstacle,
  };
}

/**
 * Logarithms of daily values without their weekly rhythm, one per calendar day: NaN where a day is missing. Half a record is added, so
 * that nothing at all has a level too.
 */
export function logLevels(days: readonly number[], values: readonly number[]): number[] {
  if (days.length === 0) return [];
  const length = (days.at(-1)! - days[0]!) / dayMs + 1;
  const grid = new Array<number>(length).fill(Number.NaN);
  days.forEach((day, index) => {
    grid[(day - days[0]!) / dayMs] = Math.log(values[index]! + 0.5);
  });
  const weekdays = grid.map((_, index) => new Date(days[0]! + index * dayMs).getUTCDay());
  const nothing = Math.log(0.5);
  // Nothing at all is as much on a Sunday as on a Monday.
  return withoutWeek(grid, weekdays).map((level, at) => (grid[at] === nothing ? nothing : level));
}

/** What a series is called: "alder: voice traffic". */
export function trafficOf({ leg, service, partner }: UsageRow): string {
  return [partner && `${partner}:`, service || 'usage', 'traffic', partner ? '' : `of ${leg}`].filter(Boolean).join(' ');
}

/** Micro-units per record over all days; undefined when the series is not charged. */
export function chargePerRecord({ charge, total }: UsageRow): number | undefined {
  return charge > 0 && total > 0 ? charge / total : undefined;
}

/** The query and parameters that show the series again. */
export function usageEvidence({ leg, service, partner, first_day }: UsageRow, { tenant, instant }: Evaluation) {
  return {
    query: 'nightly-usage-evidence',
    params: { tenant, leg, service, partner, since: new Date(first_day).toISOString(), to: new Date(instant).toISOString() },
  };
}
