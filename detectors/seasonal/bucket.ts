/** One bucket of a series against what the same time of other weeks brought. */
import { cumulativeStdNormalProbability } from 'simple-statistics';

/** What a bucket says. */
export interface BucketScore {
  readonly observed: number;
  readonly expected: number;
  /** Signed, standard normal if all is well. */
  readonly z: number;
  /** (observed - expected) / expected. */
  readonly effect: number;
  readonly lower: number;
  readonly upper: number;
  /** How much more than Poisson the comparable ones scatter, with the error of the expected; at least 1. */
  readonly phi: number;
}

/** Makes the median absolute deviation of a normal sample its standard deviation. */
const madToSigma = 1.4826;

/**
 * Median of values, at least one.
 * @example medianOf([5, 1, 3]) // 3
 */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Scores a count against comparable ones: expected = their median; variance stabilised by Anscombe's square root,
 * z = 2 (sqrt(x + 3/8) - sqrt(mu + 3/8)) / sqrt(phi), where phi >= 1 is how much more than Poisson they scatter
 * ((1.4826 MAD)^2 / mu), widened by 1 + 1/weeks because the expected is an estimate itself. The median and MAD leave out an
 * incident or a holiday among the weeks.
 * @param band z of the band that is returned
 * @example Math.round(scoreBucket(50, [100, 96, 104, 100, 98], 5, 4).z) // -5
 */
export function scoreBucket(observed: number, comparable: readonly number[], weeks: number, band: number): BucketScore {
  const expected = medianOf(comparable);
  const sigma = madToSigma * medianOf(comparable.map((value) => Math.abs(value - expected)));
  const phi = Math.max(1, (sigma * sigma) / Math.max(expected, 1)) * (1 + 1 / Math.max(1, weeks));
  return scoreAgainst(observed, expected, phi, band);
}

/**
 * Scores a count against an expected one of known scatter.
 * @example Math.round(scoreAgainst(50, 100, 1, 4).z) // -6
 */
export function scoreAgainst(observed: number, expected: number, phi: number, band: number): BucketScore {
  const root = Math.sqrt(expected + 0.375);
  const step = (band * Math.sqrt(phi)) / 2;
  return {
    observed,
    expected,
    z: (2 * (Math.sqrt(observed + 0.375) - root)) / Math.sqrt(phi),
    effect: expected === 0 ? (observed === 0 ? 0 : 1) : (observed - expected) / expected,
    lower: Math.max(0, Math.max(0, root - step) ** 2 - 0.375),
    upper: (root + step) ** 2 - 0.375,
    phi,
  };
}

/** Buckets taken together: sums, and the largest scatter of any. */
export function togetherOf(scores: readonly BucketScore[], band: number): BucketScore {
  const sum = (of: (score: BucketScore) => number) => scores.reduce((total, score) => total + of(score), 0);
  return scoreAgainst(
    sum(({ observed }) => observed),
    sum(({ expected }) => expected),
    Math.max(1, ...scores.map(({ phi }) => phi)),
    band,
  );
}

/**
 * Two-sided tail of a standard normal; beyond 2 by Laplace's continued fraction, exact to 6 digits.
 * @example normalTail(4.5).toExponential(2) // '6.80e-6'
 */
export function normalTail(z: number): number {
  const size = Math.abs(z);
  if (size < 2) return 2 * (1 - cumulativeStdNormalProbability(size));
  let fraction = size;
  for (let term = 40; term > 0; term--) fraction = size + term / fraction;
  return (2 * Math.exp((-size * size) / 2)) / Math.sqrt(2 * Math.PI) / fraction;
}

/** What the latest buckets of a series say together. */
export type Persistence = 'violation' | 'ok' | 'waiting';

/** Limits of a bucket. */
export interface BucketLimits {
  readonly z: number;
  readonly effect: number;
  readonly records: number;
}

/** Far enough out to count, downwards (-1) or upwards (1); 0 = not. */
export function beyond({ z, effect, observed, expected }: BucketScore, limits: BucketLimits): -1 | 0 | 1 {
  if (Math.abs(z) < limits.z || Math.abs(effect) < limits.effect || Math.abs(observed - expected) < limits.records) return 0;
  return z < 0 ? -1 : 1;
}

/** Back within half the limits. */
function calmBucket({ z, effect }: BucketScore, limits: BucketLimits): boolean {
  return Math.abs(z) < limits.z / 2 || Math.abs(effect) < limits.effect / 2;
}

/** All in one direction, each by its part of the limit, and together beyond it: what a thin series shows only over several buckets. */
function beyondTogether(scores: readonly BucketScore[], limits: BucketLimits): boolean {
  const together = beyond(togetherOf(scores, limits.z), limits);
  const part = limits.z / Math.sqrt(scores.length);
  return together !== 0 && scores.every(({ z }) => together * z >= part);
}

/**
 * Two of three, with hysteresis: a violation when two of the latest three buckets are beyond the limits in one direction, or all
 * three are by their part and together; ok when the latest and one more are within half of the limits; between, what stood before stands.
 * @param scores oldest first, three
 */
export function persistence(scores: readonly BucketScore[], limits: BucketLimits): Persistence {
  const directions = scores.map((score) => beyond(score, limits));
  if (directions.filter((each) => each < 0).length >= 2 || directions.filter((each) => each > 0).length >= 2) return 'violation';
  if (beyondTogether(scores, limits)) return 'violation';
  const calm = scores.map((score) => calmBucket(score, limits));
  return calm.at(-1) && calm.filter(Boolean).length >= 2 ? 'ok' : 'waiting';
}
