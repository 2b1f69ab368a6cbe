/** What would be seen of a series within an hour, in plain words. */
import { count, figure, percent } from '../core/format.ts';
import type { DetectorSummary, SeriesSummary } from '../core/types.ts';

export interface Sight {
  readonly brief: string;
  readonly why: string;
  readonly tone: 'ok' | 'wrong' | 'muted';
}

const dayMs = 86_400_000;
const units = ['records', 'readings', 'steps', 'seconds', 'octets', 'currency'];
/** Metrics that are means or shares: an hour of them is no sum. */
const means = ['call_seconds', 'setup_delay_ms', 'charge_per_record', 'device_gauge', 'answer_ratio', 'lifecycle_success'];

/** @param detector of the series; undefined = not known any more */
export function sightOf(series: SeriesSummary, detector: DetectorSummary | undefined): Sight {
  const { expected, visible_drop, first_seen, judged_to, bucket_seconds, unit } = series;
  const rise = detector?.direction === 'up';
  const days = detector?.history_days ?? 0;
  const seen = (Date.parse(judged_to) - Date.parse(first_seen)) / dayMs;
  if (expected === null) return { brief: 'Learning', why: 'Nothing to compare with yet.', tone: 'muted' };
  if (seen < days)
    return { brief: 'Learning', why: `Judged from ${count(days)} days of data on; it has ${count(Math.floor(seen))}.`, tone: 'muted' };
  if (!(expected > 0))
    return { brief: 'Nothing expected', why: 'At this time of the week nothing usually comes, so nothing would be missed.', tone: 'muted' };
  const hour = (expected * 3600) / bucket_seconds;
  const adds = detector !== undefined && units.includes(unit) && !means.includes(detector.metric);
  if (visible_drop === null)
    return {
      brief: 'Blind now',
      why: `At this time of the week even ${rise ? 'twice as much' : 'a full stop'} for an hour would not be told from chance${
        adds ? `: about ${figure(hour)} an hour are too few, or vary too much` : ''
      }. What stands above it may show it.`,
      tone: 'wrong',
    };
  return {
    brief: `${rise ? '+' : '−'}${percent(visible_drop)}`,
    why: `A ${rise ? 'rise' : 'drop'} of ${percent(visible_drop)}${
      adds ? `, some ${figure(hour * visible_drop)} of ${figure(hour)} an hour,` : ''
    } that lasts an hour is seen 9 times of 10.`,
    tone: 'ok',
  };
}

/** @example seriesName({ leg: 'switch', service: '' }) // 'switch · (none)' */
export const seriesName = (scope: Readonly<Record<string, string>>): string =>
  Object.values(scope)
    .map((value) => value || '(none)')
    .join(' · ') || 'everything';
