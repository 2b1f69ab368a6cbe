/** What one bucket says of one series: a candidate for a finding, plainly quiet, or neither. */
import { ratioDegradation } from '../statistics/ratio-degradation.ts';
import type { SeriesDefinition } from './definition.ts';
import type { Onset } from './onset.ts';
import type { PartState } from './part.ts';
import { pooledEvidence } from './pooled.ts';

export type CandidateLook =
  | { readonly kind: 'candidate'; readonly score: number; readonly direction: 'down' | 'up' }
  /** Not enough by itself, but a candidate that follows began here. */
  | { readonly kind: 'unusual'; readonly direction: 'down' | 'up' }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'between' };

const quiet: CandidateLook = { kind: 'quiet' };
const between: CandidateLook = { kind: 'between' };
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Below this score nothing is looked at any further. */
const leastScore = 2;
/** From this score on a bucket beyond half the floor is unusual. */
export const unusualScore = 1.5;
/** Missed events scatter more than Poisson: sessions come in bursts. */
const silenceDispersion = 2;
/** An expectation that is off by more than this, which a day that is like another one may be, makes silence say less. */
const trustedError = 0.2;

/**
 * The evidence of the last bucket, -log10 p: that of the scorer, and for counts that of silence, p = exp(-expected events missed / dispersion),
 * the dispersion growing with what is not known of the expectation, and of all buckets together since it became unusual. Of a ratio both must agree, the scorer and the Wilson interval beyond the floor.
 */
function evidenceOf(definition: SeriesDefinition, state: PartState, node: number, direction: 'down' | 'up'): number {
  const doubt = 1 + 2 * Math.max(0, state.unsure[node]! - trustedError);
  const silence = state.missed[node]! / (silenceDispersion * doubt) / Math.LN10;
  if (definition.statistic === 'silence') return silence;
  const score = state.bank.score[node]!;
  if (definition.statistic === 'ratio') return score < leastScore ? 0 : ratioEvidence(definition, state, node, score);
  return definition.metric.signal === 'count' ? Math.max(score, silence, pooledEvidence(state, node, direction)) : score;
}

function ratioEvidence(definition: SeriesDefinition, { expected, numerator, denominator }: PartState, node: number, score: number): number {
  const usual = expected[node]!;
  const trials = denominator[node]!;
  const successes = numerator[node]!;
  const down = successes < usual * trials;
  const result = ratioDegradation(down ? successes : trials - successes, trials, {
    usual: Math.min(1 - 1e-9, Math.max(1e-9, down ? usual : 1 - usual)),
    floor: definition.effect.absolute,
    z: 3,
  });
  return result.degraded ? score : 0;
}

/** Smallest change of a bucket that counts at this expectation; a ratio has only an absolute one, counts and sums have theirs by the hour. */
export function floorOf({ effect, metric, bucketMs }: SeriesDefinition, expected: number): number {
  if (metric.signal === 'ratio') return effect.absolute;
  const absolute = metric.signal === 'mean' ? effect.absolute : (effect.absolute * bucketMs) / hourMs;
  return Math.max(effect.relative * Math.abs(expected), absolute);
}

/** Smallest deviation of all that an onset has added up, in its figures. */
export function wholeFloorOf({ effect, metric, bucketMs }: SeriesDefinition, { expected, carriers, from, to }: Onset): number {
  if (metric.signal === 'ratio') return effect.absolute * carriers;
  const absolute = effect.absolute * (metric.signal === 'mean' ? carriers : Math.max(to - from, bucketMs) / hourMs);
  return Math.max(effect.relative * Math.abs(expected), absolute);
}

/**
 * Whether a count or sum is below what the series brings on average over a usual day: more than expected in an idle hour is no surge, whereas a stop by night is a stop.
 */
function isIdle({ metric: { signal } }: SeriesDefinition, { value, bank }: PartState, node: number): boolean {
  return (signal === 'count' || signal === 'sum') && value[node]! < bank.dayMean(node);
}

/** Reads the last bucket of a node; nothing is changed. */
export function candidateOf(definition: SeriesDefinition, state: PartState, node: number, time: number): CandidateLook {
  const value = state.value[node]!;
  const expected = state.expected[node]!;
  if (Number.isNaN(value) || Number.isNaN(expected)) return between;
  const gap = value - expected;
  const floor = floorOf(definition, expected);
  if (Math.abs(gap) < floor / 2) return quiet;
  const direction = gap < 0 ? 'down' : 'up';
  if (direction === 'up' && isIdle(definition, state, node)) return quiet;
  const score = evidenceOf(definition, state, node, direction);
  const watched = definition.direction === 'both' || definition.direction === direction;
  if (score < leastScore || Math.abs(gap) < floor) {
    if (score < unusualScore) return quiet;
    return watched ? { kind: 'unusual', direction } : between;
  }
  if (!watched || !(time - state.firstSeen[node]! >= definition.historyDays * dayMs)) return between;
  return { kind: 'candidate', score, direction };
}
