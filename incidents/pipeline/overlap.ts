/** How far two findings have one cause: the overlap of what explains them. Pure. */
import type { Explanation } from '../../core/finding.ts';

/** Label and value to weight; weights add up to 1. Empty = nothing by which it could be recognised. */
export type Footprint = ReadonlyMap<string, number>;

/** They say where something was measured, not where it is. */
const measured: ReadonlySet<string> = new Set([
  'leg',
  'legs',
  'metric',
  'direction',
  'window',
  'unit',
  'currency',
  'control',
  'check',
  'what',
  'pair',
  'comparison',
  'day',
]);
/** They say where it is only where nothing else does not. */
const general: ReadonlySet<string> = new Set(['service', 'segment', 'plan', 'rat', 'kind', 'reason', 'cause']);

/**
 * What explains a finding, as weights of single labels: of the explanation the share of the effect, of a finding without one its scope.
 * @example footprintOf({ scope: { leg: 'a', partner: 'x' }, explanation: [] }) // new Map([['partner=x', 1]])
 */
export function footprintOf(finding: {
  readonly scope: Readonly<Record<string, string>>;
  readonly explanation: readonly Explanation[];
}): Footprint {
  const cells = finding.explanation.filter(({ share }) => share > 0);
  const weighted =
    cells.length > 0
      ? cells.map(({ dimensions, share }) => [{ ...finding.scope, ...dimensions }, share] as const)
      : [[finding.scope, 1] as const];
  const weights = new Map<string, number>();
  for (const [labels, share] of weighted) {
    const pairs = placesOf(labels);
    for (const pair of pairs) weights.set(pair, (weights.get(pair) ?? 0) + share / pairs.length);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([pair, weight]) => [pair, weight / total]));
}

function placesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  const places = Object.keys(labels).filter((name) => !measured.has(name) && !general.has(name) && labels[name] !== '');
  return places.map((name) => `${name}=${labels[name]}`);
}

/**
 * Weighted Jaccard index, 0 to 1: what both have over what either has.
 * @example overlapOf(new Map([['a=1', 1]]), new Map([['a=1', 0.5], ['b=2', 0.5]])) // 0.3333333333333333
 */
export function overlapOf(one: Footprint, other: Footprint): number {
  let both = 0;
  for (const [pair, weight] of one) both += Math.min(weight, other.get(pair) ?? 0);
  return both === 0 ? 0 : both / (2 - both);
}

/** What two footprints share, for a person. */
export function sharedText(one: Footprint, other: Footprint): string {
  return [...one.keys()].filter((pair) => other.has(pair)).join(', ');
}
