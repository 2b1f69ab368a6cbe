/** Stretches that do not count: put together, cut to a period, and how much of it they take. Pure. */
import type { Exclusion } from './agreement.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Stretches without overlaps, in order, within a period.
 * @example merged([{ from: 5, to: 9 }, { from: 0, to: 6 }], { from: 2, to: 100 }) // [{ from: 2, to: 9 }]
 */
export function merged(stretches: readonly Stretch[], period: Stretch): readonly Stretch[] {
  const out: { from: number; to: number }[] = [];
  const cut = stretches
    .map(({ from, to }) => ({ from: Math.max(from, period.from), to: Math.min(to, period.to) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  for (const { from, to } of cut) {
    const last = out.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

/** Whether [from, to) touches one of them. */
export function touches(stretches: readonly Stretch[], from: number, to: number): boolean {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle]!.to <= from) low = middle + 1;
    else high = middle;
  }
  return low < stretches.length && stretches[low]!.from < to;
}

/** Length of all of them, ms. */
export const lengthOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** Those that are about a target. */
export const exclusionsOf = (exclusions: readonly Exclusion[], target: string): readonly Exclusion[] =>
  exclusions.filter(({ targets }) => targets.length === 0 || targets.includes(target));

/**
 * Maintenance up to so much of a period, the earliest first: what is beyond counts as an outage.
 * @example capped([{ from: 0, to: 10 }, { from: 20, to: 30 }], 15) // [{ from: 0, to: 10 }, { from: 20, to: 25 }]
 */
export function capped<T extends Stretch>(stretches: readonly T[], mostMs: number): readonly T[] {
  let left = mostMs;
  return [...stretches]
    .sort((a, b) => a.from - b.from)
    .flatMap((each) => {
      const length = Math.min(left, each.to - each.from);
      left -= length;
      return length > 0 ? [{ ...each, to: each.from + length }] : [];
    });
}
