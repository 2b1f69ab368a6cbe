/**
 * What a KPI was to be expected to be, from the same time of the four weeks before: quick enough for any cut of the data. The detectors judge by
 * more (level, calendar, pooled spread) and their stored scores are shown where there are some; this band is for looking.
 */
import type { Signal } from '../../../detectors/series/metrics.ts';

/** What was counted in a bucket: the numerator and the denominator of its figure. */
export interface Counted {
  readonly up: number;
  readonly down: number;
}

export interface WeekBand {
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

export const weekSeconds = 604_800;
/** Weeks that are looked back, and how many of them there have to be. */
const weeksBack = [1, 2, 3, 4];
const leastWeeks = 2;
/** Two-sided p = 0.001 of a normal distribution, as in the bands of the detectors. */
const width = 3.29;
/** Normal consistency of the median absolute deviation. */
const consistency = 1.4826;

function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

interface Usual {
  readonly expected: number;
  /** Denominator of a mean week. */
  readonly down: number;
  readonly past: readonly Counted[];
}

const figureOf = (signal: Signal, { up, down }: Counted): number => (signal === 'count' || signal === 'sum' ? up : up / down);

/**
 * The band of each bucket; undefined where fewer than two of the weeks before have data. The middle of those weeks is expected. The spread is one
 * figure of the whole series: how far past weeks lay from their middle, in standard deviations of a Poisson count (count), of a binomial share
 * (ratio), or as a share of the value (sum, mean); counts and shares are never taken to be calmer than chance.
 * @param counted by start of the bucket, seconds
 */
export function bandsOf(signal: Signal, counted: ReadonlyMap<number, Counted>, buckets: readonly number[]): (WeekBand | undefined)[] {
  let first = Number.POSITIVE_INFINITY;
  for (const bucket of counted.keys()) if (bucket < first) first = bucket;
  const usual = buckets.map((bucket) => usualOf(signal, counted, bucket, first));
  const spread = spreadOf(signal, usual);
  return usual.map((one, index) => one && bandOf(signal, one, spread, counted.get(buckets[index]!)));
}

function usualOf(signal: Signal, counted: ReadonlyMap<number, Counted>, bucket: number, first: number): Usual | undefined {
  const added = signal === 'count' || signal === 'sum';
  const past = weeksBack.flatMap((weeks) => {
    const at = bucket - weeks * weekSeconds;
    const found = counted.get(at) ?? (added && at >= first ? { up: 0, down: 0 } : undefined);
    return found && (added || found.down > 0) ? [found] : [];
  });
  if (past.length < leastWeeks) return undefined;
  return { expected: median(past.map((each) => figureOf(signal, each))), down: median(past.map(({ down }) => down)), past };
}

/** One standard deviation of the figure if all were chance alone; of sums and means the figure itself. */
function unitOfSpread(signal: Signal, expected: number, down: number): number {
  if (signal === 'count') return Math.sqrt(expected + 1);
  if (signal === 'ratio') return Math.sqrt(Math.max(expected * (1 - expected), 0.25 / (down + 4)) / Math.max(1, down));
  return Math.abs(expected);
}

function spreadOf(signal: Signal, usual: readonly (Usual | undefined)[]): number {
  const residuals: number[] = [];
  for (const one of usual) {
    if (!one) continue;
    for (const each of one.past) {
      const unit = unitOfSpread(signal, one.expected, each.down);
      // The middle of few weeks lies nearer to each of them than the truth does.
      const nearer = Math.sqrt(one.past.length / (one.past.length - 1));
      if (unit > 0) residuals.push((Math.abs(figureOf(signal, each) - one.expected) / unit) * nearer);
    }
  }
  const found = residuals.length === 0 ? 0 : consistency * median(residuals);
  return signal === 'count' || signal === 'ratio' ? Math.max(1, found) : Math.max(0.02, found);
}

function bandOf(signal: Signal, { expected, down }: Usual, spread: number, now: Counted | undefined): WeekBand {
  const half = width * spread * unitOfSpread(signal, expected, now && now.down > 0 ? now.down : down);
  const lower = Math.max(0, expected - half);
  const upper = expected + half;
  return { expected, lower, upper: signal === 'ratio' ? Math.min(1, upper) : upper };
}
