/** Weeks and months of reports, by the clock of the operator. */
import { WeirError } from '../../core/errors.ts';
import type { Window } from '../../core/finding.ts';
import { instantOfLocal } from '../../detectors/service/slo/index.ts';

const dayMs = 86_400_000;

export interface ReportPeriod extends Window {
  /** As it was asked for: 2026-W47 or 2026-11. */
  readonly name: string;
}

/**
 * The days of an ISO 8601 week: Monday to Sunday; week 1 holds the 4th of January.
 * @returns local midnights as ms; undefined when there is no such week
 */
function isoWeek(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^(\d{4})-W(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year, week] = [Number(match[1]), Number(match[2])];
  const monday = (of: number): number => {
    const fourth = Date.UTC(of, 0, 4);
    return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
  };
  const from = monday(year) + (week - 1) * 7 * dayMs;
  return week < 1 || from >= monday(year + 1) ? undefined : { from, to: from + 7 * dayMs };
}

/**
 * A week or a month.
 * @throws WeirError usage
 * @example reportPeriod({ week: '2026-W01' }, 'UTC').from // Date.UTC(2025, 11, 29)
 */
export function reportPeriod({ week, month }: { readonly week?: string; readonly month?: string }, timeZone: string): ReportPeriod {
  const hint = '--week 2026-W47 or --month 2026-11';
  if ((week === undefined) === (month === undefined)) throw new WeirError('usage', 'the period is missing or stated twice', { hint });
  if (week !== undefined) {
    const days = isoWeek(week);
    if (!days) throw new WeirError('usage', `--week ${week}: there is no such week`, { hint });
    return { name: week, from: instantOfLocal(days.from, timeZone), to: instantOfLocal(days.to, timeZone) };
  }
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month!);
  if (!match) throw new WeirError('usage', `--month ${month}: there is no such month`, { hint });
  const [year, number] = [Number(match[1]), Number(match[2])];
  return {
    name: month!,
    from: instantOfLocal(Date.UTC(year, number - 1, 1), timeZone),
    to: instantOfLocal(Date.UTC(year, number, 1), timeZone),
  };
}
