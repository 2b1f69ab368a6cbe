/** What a series would show: the smallest drop that would become a finding within an hour, with everything that its detector asks for. */
import type { SeriesDefinition } from './definition.ts';
import type { Part } from './part.ts';
import { visibleDrop } from './visible.ts';

const hourMs = 3_600_000;

/**
 * Share of the expected below which a change is no finding, however certain it is.
 * @param expected of one bucket, in the unit of the metric
 */
export function floorShare({ effect, metric, bucketMs }: SeriesDefinition, expected: number): number {
  if (!(expected > 0)) return Number.POSITIVE_INFINITY;
  if (metric.signal === 'ratio') return effect.absolute / expected;
  const absolute = metric.signal === 'mean' ? effect.absolute : (effect.absolute * bucketMs) / hourMs;
  return Math.max(effect.relative, absolute / expected);
}

/**
 * Smallest drop of a series that would be seen within an hour, 0 to 1; null = not even a full stop, or nothing is expected of it.
 * @param limit of the part, asked once for all its series
 */
export function visibleDropOf({ definition, state }: Part, node: number, limit: number): number | null {
  const expected = state.bank.expected[node]!;
  const chance = visibleDrop({ expected, upper: state.bank.upper[node]!, bucketMs: definition.bucketMs, limit });
  if (chance === null) return null;
  const drop = Math.max(chance, floorShare(definition, expected));
  return drop <= 1 ? drop : null;
}
