import { betaBinomialTail } from './beta-binomial-tail.ts';
import { binomialTail } from './binomial-tail.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** What a ratio is judged against. */
export interface RatioLimits {
  /** Usual ratio, in (0, 1). */
  readonly usual: number;
  /** Correlation of the trials inside one bucket, 0 (independent) to below 1. */
  readonly correlation?: number;
  /** Deviate of the Wilson interval; 4. */
  readonly z?: number;
  /** The interval must lie this far below the usual ratio; 0.02. */
  readonly floor?: number;
  /** Fewer trials than this are not judged; 50. */
  readonly fewest?: number;
}

/**
 * # Ratio degradation
 * Has a success ratio (answer-seizure ratio, set-up success) become worse? Both must agree: the Wilson interval of the observed ratio lies below the usual
 * ratio by at least the floor, so the effect matters, and `p` says how rare so few successes are. With a correlation the trials count for fewer.
 *
 * Cost: O(1), with a correlation O(successes). Source: Wilson (1927); effective size n / (1 + (n - 1) rho), Kish, Survey Sampling, 5.4.
 *
 * @param successes 0 to trials
 * @param trials attempts in the window
 * @returns `degraded`, the tail `p` of so few successes (1 when not judged), the observed ratio and its interval
 * @example
 * ratioDegradation(300, 1000, { usual: 0.5 }).degraded; // => true
 * ratioDegradation(30, 40, { usual: 0.9 }).degraded; // => false, too few trials
 */
export function ratioDegradation(
  successes: number,
  trials: number,
  limits: RatioLimits,
): { degraded: boolean; p: number; ratio: number; lower: number; upper: number } {
  const { usual, correlation = 0, z = 4, floor = 0.02, fewest = 50 } = limits;
  const effective = trials / (1 + Math.max(0, trials - 1) * correlation);
  const ratio = trials > 0 ? successes / trials : Number.NaN;
  const { lower, upper } = wilsonInterval(trials > 0 ? ratio * effective : 0, effective, z);
  if (!(trials >= fewest)) return { degraded: false, p: 1, ratio, lower, upper };
  const weight = correlation > 0 ? 1 / correlation - 1 : 0;
  const p =
    weight > 0 ? betaBinomialTail(successes, trials, usual * weight, (1 - usual) * weight) : binomialTail(successes, trials, usual).lower;
  return { degraded: upper < usual - floor, p, ratio, lower, upper };
}
