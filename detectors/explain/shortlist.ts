/** The few combinations of one set of dimensions that moved most, in each direction: all that can be part of its best explaining set. */
import { type Groups, stride } from './group.ts';
import { binomialRatio, poissonRatio } from './likelihood.ts';

/** One combination of dimension values. Counts are divided by the cells' own dispersion. */
export interface Element {
  /** A leaf that carries its codes. */
  readonly leaf: number;
  readonly observed: number;
  readonly expected: number;
  readonly trials: number;
  /** Log-likelihood ratio before the common dispersion. */
  readonly ratio: number;
}

export interface Shortlists {
  /** Combinations that could have been found: the number of hypotheses. */
  readonly candidates: number;
  /** Best first. */
  readonly down: readonly Element[];
  readonly up: readonly Element[];
}

/**
 * The `size` combinations with the highest likelihood ratio, per direction. The ratio is bounded by the chi-square (O - E)^2 / E (for
 * a ratio (O - E)^2 / (E (1 - E/N))), so most combinations are passed over without a logarithm.
 * A combination counts as a candidate when it expects or has at least `smallest` events.
 */
export function shortlist(groups: Groups, withTrials: boolean, size: number, smallest: number): Shortlists {
  const down: Element[] = [];
  const up: Element[] = [];
  let candidates = 0;
  for (let group = 0; group < groups.count; group++) {
    const observed = groups.sums[stride * group]!;
    const expected = groups.sums[stride * group + 1]!;
    const trials = groups.sums[stride * group + 2]!;
    if (expected >= smallest || observed >= smallest) candidates++;
    const gap = observed - expected;
    if (gap === 0) continue;
    const list = gap < 0 ? down : up;
    const bar = list.length < size ? 0 : list[size - 1]!.ratio;
    if (gap * gap <= bar * bound(expected, trials, withTrials)) continue;
    const ratio = withTrials ? binomialRatio(observed, expected, trials) : poissonRatio(observed, expected);
    if (ratio > bar) put(list, { leaf: groups.first[group]!, observed, expected, trials, ratio }, size);
  }
  return { candidates: Math.max(1, candidates), down, up };
}

function bound(expected: number, trials: number, withTrials: boolean): number {
  return withTrials ? expected * (1 - expected / trials) : expected;
}

function put(list: Element[], element: Element, size: number): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.ratio < element.ratio) at--;
  list.splice(at, 0, element);
  if (list.length > size) list.pop();
}
