/** The usual ratio between two legs, or between charge and usage, learned from hours, and how far some hours lie from it. */

/** One hour of a ratio: `above / below`, resting on so many records. */
export interface RatioHour {
  readonly above: number;
  readonly below: number;
  readonly records: number;
}

/** What is usual. */
export interface Usual {
  readonly ratio: number;
  /** Relative standard deviation of the ratio of one record; that of n records is this over the root of n. */
  readonly spread: number;
  readonly hours: number;
}

function weightedMedian(values: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    if (below >= half) return value;
  }
  return Number.NaN;
}

/**
 * The median of the hourly ratios, weighted by their records, and their spread by the median absolute deviation: up to half of the hours may be
 * wrong. Hours without usage on the lower side say nothing.
 * @example usualRatio([{ above: 9, below: 10, records: 10 }, { above: 90, below: 100, records: 100 }])!.ratio // 0.9
 */
export function usualRatio(hours: readonly RatioHour[]): Usual | undefined {
  const known = hours.filter(({ below, records }) => below > 0 && records > 0);
  if (known.length === 0) return undefined;
  const ratio = weightedMedian(known.map(({ above, below, records }) => [above / below, records]));
  if (!(ratio > 0)) return undefined;
  const deviations = known.map(({ above, below, records }) => [Math.abs(above / below / ratio - 1) * Math.sqrt(records), 1] as const);
  return { ratio, spread: 1.4826 * weightedMedian(deviations), hours: known.length };
}

/** How far some hours together lie from the usual. */
export interface Departure {
  /** (ratio - usual) / usual. */
  readonly effect: number;
  readonly z: number;
}

/**
 * Departure of the sum of some hours. The spread is at least `least`: a ratio that never moved may still lack the few records that come later.
 * @example departure([{ above: 80, below: 100, records: 100 }], { ratio: 1, spread: 0.1, hours: 9 }, 0.5) // { effect: -0.19999999999999996, z: -3.999999999999999 }
 */
export function departure(hours: readonly RatioHour[], usual: Usual, least: number): Departure {
  const sum = (of: (hour: RatioHour) => number) => hours.reduce((total, hour) => total + of(hour), 0);
  const [below, records] = [sum((hour) => hour.below), sum((hour) => hour.records)];
  if (below <= 0 || records <= 0) return { effect: 0, z: 0 };
  const effect = sum(({ above }) => above) / below / usual.ratio - 1;
  return { effect, z: (effect * Math.sqrt(records)) / Math.max(usual.spread, least) };
}
