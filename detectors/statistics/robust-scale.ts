import { median, medianAbsoluteDeviation } from 'simple-statistics';

/**
 * # Robust scale
 * Centre and standard deviation of values of which up to half may be wrong: median, and 1.4826 times the median absolute deviation. Where more than half of
 * the values are equal the deviation would be 0; then 1.2533 times the mean absolute deviation stands in, so that a rare jump still has a size.
 *
 * Cost: O(n log n). Source: Hampel, JASA 69 (1974), 383-393; constants 1 / probit(.75) and sqrt(pi / 2) make both exact for normal data.
 *
 * @param values not finite ones are left out
 * @returns NaN for both without values
 * @example
 * robustScale([1, 2, 3, 4, 100]); // => { centre: 3, scale: 1.4826 }
 */
export function robustScale(values: readonly number[]): { centre: number; scale: number } {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { centre: Number.NaN, scale: Number.NaN };
  const centre = median(finite);
  const deviation = medianAbsoluteDeviation(finite);
  if (deviation > 0) return { centre, scale: 1.4826 * deviation };
  let sum = 0;
  for (const value of finite) sum += Math.abs(value - centre);
  return { centre, scale: (1.2533 * sum) / finite.length };
}
