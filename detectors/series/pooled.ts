/** All buckets of a count since it became unusual, taken together: what lasts is seen although no bucket alone is rare. */
import { normalTail } from '../statistics/normal-tail.ts';
import type { PartState } from './part.ts';

/** How much more than Poisson a count scatters. */
const dispersion = 1.5;
/** Least relative error of what is expected: a baseline that is a tenth off must never be a finding by lasting long enough. */
const baselineError = 0.1;
/** Where it begins is chosen by looking, which costs this much of -log10 p. */
const chosen = 1;
/** No p is smaller than this says: what lies beyond underflows. */
const most = 300;
/** Deviates below this say nothing. */
const leastDeviate = 1.5;

/**
 * -log10 of the one-sided p of the count from the beginning of what is unusual up to and with the last bucket: z = 2 (sqrt(x + 3/8) -
 * sqrt(m + 3/8)) / sqrt(1.5 + (e m)^2 / m), Anscombe's transformation with over-dispersion and an expectation that may be off by e: a tenth, and what is known of
 * the hour, the week and a day that is like another one. With a tenth, however long it lasts, an expectation that is 20 % off reaches z = 2.1 and one that is 40 % off 4.5.
 */
export function pooledEvidence({ onsets, value, expected, unsure }: PartState, node: number, direction: 'down' | 'up'): number {
  const onset = onsets.get(node);
  const goesOn = onset?.direction === direction;
  const observed = value[node]! + (goesOn ? onset.observed : 0);
  const mean = expected[node]! + (goesOn ? onset.expected : 0);
  const error = Math.hypot(baselineError, (unsure[node]! * expected[node]! + (goesOn ? (onset.unsure ?? 0) : 0)) / Math.max(mean, 1e-9));
  const sign = direction === 'down' ? -1 : 1;
  const z = (sign * 2 * (Math.sqrt(observed + 0.375) - Math.sqrt(mean + 0.375))) / Math.sqrt(dispersion + error * error * mean);
  if (!(z >= leastDeviate)) return 0;
  return Math.min(most, Math.max(0, -Math.log10(normalTail(z) / 2) - (goesOn ? chosen : 0)));
}
