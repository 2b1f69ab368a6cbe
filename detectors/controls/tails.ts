/** Exact tails that the controls need. */
import { gammaln } from 'simple-statistics';

/**
 * Probability that a Poisson count of mean `mean` is at least `count` (Abramowitz and Stegun 26.4.19, summed term by term from
 * `count` upwards where that is the thin side, else from below).
 * @example Number(poissonAtLeast(3, 1).toFixed(6)) // 0.080301
 */
export function poissonAtLeast(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  const first = Math.exp(count * Math.log(mean) - mean - gammaln(count + 1));
  if (count >= mean) return Math.min(1, upward(first, count, mean));
  return Math.max(0, 1 - downward((first * count) / mean, count - 1, mean));
}

function upward(first: number, count: number, mean: number): number {
  let term = first;
  let sum = first;
  for (let at = count + 1; term > sum * 1e-16; at++) {
    term *= mean / at;
    sum += term;
  }
  return sum;
}

function downward(first: number, count: number, mean: number): number {
  let term = first;
  let sum = first;
  for (let at = count; at > 0 && term > sum * 1e-16; at--) {
    term *= at / mean;
    sum += term;
  }
  return sum;
}
