/** Rows of the API as the columns of a chart. */
import type { ControlResult, SeriesColumns } from '../core/types.ts';
import type { ChartData } from './Chart.tsx';

const seconds = (instant: string): number => Date.parse(instant) / 1000;

/**
 * Scores by bucket. Where buckets are missing the line is broken.
 * @example chartOfColumns({ series: { bucket_seconds: 60 }, time: [60, 240], observed: [5, 6], expected: [5, 5], lower: [4, 4], upper: [9, 9] }).times // [60, 120, 240]
 */
export function chartOfColumns({ series, time, ...values }: SeriesColumns): ChartData {
  const farthest = 1.5 * series.bucket_seconds;
  const gaps: number[] = [];
  for (let at = 1; at < time.length; at++) if (time[at]! - time[at - 1]! > farthest) gaps.push(at);
  const times = broken(time, gaps, (before) => before + series.bucket_seconds) as number[];
  const columnOf = (column: readonly number[]): (number | null)[] => broken(column, gaps, () => null);
  return {
    times,
    observed: columnOf(values.observed),
    expected: columnOf(values.expected),
    lower: columnOf(values.lower),
    upper: columnOf(values.upper),
  };
}

/** A column with one more value in front of each gap. */
function broken<Put>(column: readonly number[], gaps: readonly number[], put: (before: number) => Put): (number | Put)[] {
  const all: (number | Put)[] = [];
  let from = 0;
  for (const gap of gaps) {
    for (; from < gap; from++) all.push(column[from]!);
    all.push(put(column[gap - 1]!));
  }
  for (; from < column.length; from++) all.push(column[from]!);
  return all;
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
