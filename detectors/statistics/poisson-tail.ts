import { incompleteGamma } from './incomplete-gamma.ts';

/**
 * # Poisson tail
 * How likely is a count at most (`lower`) or at least (`upper`) this large when events come independently at a known mean? For calls per quarter of an
 * hour of a small partner: a count below ten is far from normal, and only the exact tail tells a quiet night from an outage.
 *
 * Cost: O(sqrt(mean)). Source: P(X <= k) = Q(k + 1, mean), NIST DLMF 8.11.10; Johnson, Kemp, Kotz, Univariate Discrete Distributions, 4.
 *
 * @param count observed events; a fraction is rounded down, a negative count has lower tail 0
 * @param mean expected events, >= 0
 * @returns both tails in [0, 1]; NaN where the mean is negative or not a number.
 * @example
 * poissonTail(0, 5).lower; // => 0.006737946999085468
 */
export function poissonTail(count: number, mean: number): { lower: number; upper: number } {
  if (!(mean >= 0) || Number.isNaN(count)) return { lower: Number.NaN, upper: Number.NaN };
  const k = Math.floor(count);
  if (k < 0) return { lower: 0, upper: 1 };
  if (mean === 0) return { lower: 1, upper: k === 0 ? 1 : 0 };
  return { lower: incompleteGamma(k + 1, mean).upper, upper: k === 0 ? 1 : incompleteGamma(k, mean).lower };
}
