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

/**
 * Probability that at least `count` of `trials` happen, each with probability `rate` (exact, terms by logarithms of factorials, summed
 * from `count` towards the thin side).
 * @example Number(binomialAtLeast(2, 3, 0.5).toFixed(6)) // 0.5
 */
export function binomialAtLeast(count: number, trials: number, rate: number): number {
  if (count <= 0) return 1;
  if (count > trials || rate <= 0) return 0;
  if (rate >= 1) return 1;
  const logTerm = (at: number) =>
    gammaln(trials + 1) - gammaln(at + 1) - gammaln(trials - at + 1) + at * Math.log(rate) + (trials - at) * Math.log1p(-rate);
  const odds = rate / (1 - rate);
  if (count >= trials * rate) return Math.min(1, sumUp(Math.exp(logTerm(count)), count, trials, odds));
  return Math.max(0, 1 - sumDown(Math.exp(logTerm(count - 1)), count - 1, trials, odds));
}

function sumUp(first: number, count: number, trials: number, odds: number): number {
  let term = first;
  let sum = first;
  for (let at = count; at < trials && term > sum * 1e-16; at++) {
    term *= ((trials - at) / (at + 1)) * odds;
    sum += term;
  }
  return sum;
}

function sumDown(first: number, count: number, trials: number, odds: number): number {
  let term = first;
  let sum = first;
  for (let at = count; at > 0 && term > sum * 1e-16; at--) {
    term *= at / (trials - at + 1) / odds;
    sum += term;
  }
  return sum;
}
