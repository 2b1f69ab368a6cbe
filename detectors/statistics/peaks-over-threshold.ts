import { quantile } from 'simple-statistics';
import { excessTail } from './excess-tail.ts';

/** A fitted upper tail. */
export interface PeakTail {
  readonly threshold: number;
  /** Share of the values above the threshold. */
  readonly rate: number;
  /** Mean and variance of the excesses. */
  readonly mean: number;
  readonly variance: number;
  readonly count: number;
}

/**
 * # Peaks over threshold
 * How rare is a value beyond anything the body of the data tells? The excesses over a high quantile follow a generalised Pareto law whatever the values'
 * own distribution; its parameters come from their mean and variance.
 *
 * Cost: O(n). Source: Pickands (1975), Balkema, de Haan (1974); moments by Hosking, Wallis (1987).
 *
 * @param values at least 50 finite ones
 * @param level quantile taken as threshold; 0.98
 * @throws RangeError with fewer than 50 finite values
 * @example
 * peakTail(Array.from({ length: 1000 }, (_, i) => -Math.log(1 - (i + 0.5) / 1000))).mean; // => 0.97…, near the 1 of exponential data
 */
export function peakTail(values: readonly number[], level = 0.98): PeakTail {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 50) throw new RangeError(`peakTail: ${finite.length} finite values, at least 50 are needed`);
  const threshold = quantile(finite, level);
  const excesses = finite.filter((value) => value > threshold).map((value) => value - threshold);
  const count = excesses.length;
  const mean = count === 0 ? 1e-9 * Math.max(1, Math.abs(threshold)) : excesses.reduce((sum, excess) => sum + excess, 0) / count;
  const variance = count === 0 ? mean * mean : excesses.reduce((sum, excess) => sum + (excess - mean) ** 2, 0) / count;
  return { threshold, rate: count / finite.length, mean, variance: variance || mean * mean, count };
}

/**
 * Probability of a value at least this large.
 * @returns 1 - level at the threshold and less beyond; below the threshold the rate itself, which is then a bound
 * @example
 * peakProbability({ threshold: 4, rate: 0.02, mean: 1, variance: 1, count: 20 }, 6); // => 0.002706705664732254
 */
export function peakProbability(tail: PeakTail, value: number): number {
  return value <= tail.threshold ? tail.rate : tail.rate * Math.exp(excessTail(value - tail.threshold, tail.mean, tail.variance));
}

/**
 * Learns one more value. An excess counts for at most six mean excesses: an attacker or a broken probe that sends ever larger values cannot teach the
 * tail to accept them.
 * @param forget weight of one value once many are known; 1 / 20,000
 * @example
 * learnPeak({ threshold: 4, rate: 0.02, mean: 1, variance: 1, count: 20 }, 1e9).mean < 1.3; // => true
 */
export function learnPeak(tail: PeakTail, value: number, forget = 1 / 20_000): PeakTail {
  if (Number.isNaN(value)) return tail;
  const over = value > tail.threshold;
  const rate = tail.rate + forget * ((over ? 1 : 0) - tail.rate);
  if (!over) return { ...tail, rate };
  const count = tail.count + 1;
  const gain = Math.max(1 / count, forget / tail.rate);
  const error = Math.min(value - tail.threshold, 6 * tail.mean) - tail.mean;
  return { ...tail, rate, count, mean: tail.mean + gain * error, variance: tail.variance + gain * (error * error - tail.variance) };
}
