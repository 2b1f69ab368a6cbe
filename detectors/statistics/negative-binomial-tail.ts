import { incompleteBeta } from './incomplete-beta.ts';
import { poissonTail } from './poisson-tail.ts';

/**
 * # Negative-binomial tail
 * The Poisson tail for counts that vary more than independent events do: variance = mean + mean^2 / size. Traffic is always over-dispersed; with the
 * plain Poisson tail every busy hour of a large partner would be an alarm.
 *
 * Cost: O(sqrt(mean + size)). Source: P(X <= k) = I_{size / (size + mean)}(size, k + 1), NIST DLMF 8.17.24; Johnson, Kemp, Kotz, 5.
 *
 * @param count observed events; a fraction is rounded down
 * @param mean expected events, >= 0
 * @param size > 0: the smaller, the wider; infinity is the Poisson tail
 * @returns both tails in [0, 1]; NaN outside the domain.
 * @example
 * negativeBinomialTail(0, 5, 10).lower; // => 0.01734152991583261
 */
export function negativeBinomialTail(count: number, mean: number, size: number): { lower: number; upper: number } {
  if (size > 1e9) return poissonTail(count, mean);
  if (!(mean >= 0) || !(size > 0) || Number.isNaN(count)) return { lower: Number.NaN, upper: Number.NaN };
  const k = Math.floor(count);
  if (k < 0) return { lower: 0, upper: 1 };
  if (mean === 0) return { lower: 1, upper: k === 0 ? 1 : 0 };
  const share = size / (size + mean);
  return { lower: incompleteBeta(size, k + 1, share).lower, upper: k === 0 ? 1 : incompleteBeta(size, k, share).upper };
}
