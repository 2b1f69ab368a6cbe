/** What has happened to a series since it first passed its limit. */
import { bandOf } from './band.ts';
import type { SeriesDefinition } from './definition.ts';
import type { PartState } from './part.ts';

export interface Onset {
  /** Start of the first bucket beyond the limit, ms. */
  readonly from: number;
  readonly direction: 'down' | 'up';
  /** End of the last bucket that is counted, ms. */
  to: number;
  /** Added up over the buckets: of a ratio successes, of a mean the amount. */
  observed: number;
  expected: number;
  lower: number;
  upper: number;
  /** By how much what is expected of a count may be off, added up; undefined where nothing is known. */
  unsure?: number;
  /** Attempts, or how many had the amount; buckets for counts and sums. */
  carriers: number;
  /** Largest evidence of any bucket, -log10 p. */
  score: number;
}

export function beginOnset(from: number, direction: 'down' | 'up'): Onset {
  return { from, direction, to: from, observed: 0, expected: 0, lower: 0, upper: 0, carriers: 0, score: 0 };
}

/** Adds the last bucket of the node. */
export function addBucket(onset: Onset, state: PartState, node: number, time: number, definition: SeriesDefinition, score: number): void {
  const { signal } = definition.metric;
  const weight = signal === 'count' || signal === 'sum' ? 1 : state.denominator[node]!;
  const { expected, lower, upper } = bandOf(state, node);
  onset.to = time + definition.bucketMs;
  onset.observed += state.numerator[node]!;
  onset.expected += weight * expected;
  onset.unsure = (onset.unsure ?? 0) + state.unsure[node]! * expected;
  onset.lower += weight * lower;
  onset.upper += weight * upper;
  onset.carriers += weight;
  onset.score = Math.max(onset.score, score);
}
