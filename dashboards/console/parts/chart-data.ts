/** Rows of the API as the columns of a chart. */
import type { ControlResult, Score } from '../core/types.ts';
import type { ChartData } from './Chart.tsx';

const seconds = (instant: string): number => Date.parse(instant) / 1000;

/**
 * Scores by bucket. Where buckets are missing the line is broken.
 * @param bucketSeconds length of a bucket
 */
export function chartOfScores(scores: readonly Score[], bucketSeconds: number): ChartData {
  const times: number[] = [];
  const columns = {
    observed: [] as (number | null)[],
    expected: [] as (number | null)[],
    lower: [] as (number | null)[],
    upper: [] as (number | null)[],
  };
  for (const score of scores) {
    const at = seconds(score.event_time);
    const before = times.at(-1);
    if (before !== undefined && at - before > 1.5 * bucketSeconds) {
      times.push(before + bucketSeconds);
      for (const column of Object.values(columns)) column.push(null);
    }
    times.push(at);
    columns.observed.push(score.observed);
    columns.expected.push(score.expected);
    columns.lower.push(score.lower);
    columns.upper.push(score.upper);
  }
  return { times, ...columns };
}

/** Judgements of one cell of a control by the beginning of their window; controls judge without a band. */
export function chartOfResults(results: readonly ControlResult[]): ChartData {
  const rows = results
    .filter(({ observed, expected }) => observed !== null || expected !== null)
    .sort((a, b) => Date.parse(a.window_from) - Date.parse(b.window_from));
  return {
    times: rows.map(({ window_from }) => seconds(window_from)),
    observed: rows.map(({ observed }) => observed),
    expected: rows.map(({ expected }) => expected),
    lower: rows.map(() => null),
    upper: rows.map(() => null),
  };
}
