import { normalTail } from './normal-tail.ts';
import { theilSen } from './theil-sen.ts';

/** Variance of S with its tie term. */
function varianceOf(values: readonly number[]): number {
  const n = values.length;
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let tied = 0;
  for (const t of ties.values()) tied += t * (t - 1) * (2 * t + 5);
  return (n * (n - 1) * (2 * n + 5) - tied) / 18;
}

/** Lag-1 autocorrelation around the mean. */
function lagOne(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    square += (values[i]! - mean) ** 2;
    if (i > 0) product += (values[i]! - mean) * (values[i - 1]! - mean);
  }
  return square > 0 ? product / square : 0;
}

/** Takes a significant positive autocorrelation out; it is measured on the values without their trend, which would look like one. */
function prewhitened(values: readonly number[]): number[] {
  const slope = theilSen(values);
  const correlation = lagOne(values.map((value, i) => value - slope * i));
  if (!(correlation > 1.645 / Math.sqrt(values.length))) return [...values];
  return values.slice(1).map((value, i) => (value - correlation * values[i]!) / (1 - correlation));
}

/**
 * # Mann-Kendall test
 * Is there a drift at all, in whatever shape, up or down? Counts for how many pairs the later value is the higher one. Neighbouring days resemble each
 * other, which looks like a drift; so a significant autocorrelation is taken out first and the trend kept.
 *
 * Cost: O(n^2), at most 2,000 values. Source: Mann, Econometrica 13 (1945); Kendall, Rank Correlation Methods (1975),  tie term; prewhitening: von Storch
 * (1995), Wang, Swail, Journal of Climate 14 (2001). The trend-free variant of Yue et al. (2002) was tried: it doubled the false drifts.
 *
 * @param values evenly spaced, in order; what is not finite is left out
 * @param prewhiten take autocorrelation out first; true
 * @returns S, its normal deviate and the two-sided p; p is 1 with fewer than four values
 * @example
 * mannKendall([1, 2, 3, 4, 5], false).s; // => 10
 */
export function mannKendall(values: readonly number[], prewhiten = true): { s: number; z: number; p: number } {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 4) return { s: 0, z: 0, p: 1 };
  const series = prewhiten ? prewhitened(finite) : finite;
  let s = 0;
  for (let i = 0; i < series.length; i++) for (let j = i + 1; j < series.length; j++) s += Math.sign(series[j]! - series[i]!);
  const variance = varianceOf(series);
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return { s, z, p: Math.min(1, normalTail(z)) };
}
