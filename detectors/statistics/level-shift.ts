import { robustScale } from './robust-scale.ts';

/** One lasting change of level. */
export interface LevelShift {
  /** Position of the first value at the new level. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Squared-error cost of a stretch from prefix sums. */
const costOf = (sums: Float64Array, squares: Float64Array, from: number, to: number): number => {
  const sum = sums[to]! - sums[from]!;
  return squares[to]! - squares[from]! - (sum * sum) / (to - from);
};

/**
 * # Level shift
 * When did the level change for good? Exact search (PELT) over all ways to cut the series into stretches of constant level, on daily medians, where a
 * bad day is one value. A cut must save more squared error than the penalty; noise is measured on the differences of neighbours, so that the shifts
 * themselves do not hide it.
 *
 * Cost: O(n) on average, O(n^2) at worst. Source: Killick, Fearnhead, Eckley, JASA 107 (2012), 1590-1598; penalty 3 ln n in units of the noise variance.
 *
 * @param values daily medians in order, all finite
 * @param shortest fewest values between two shifts; 3
 * @param penalty times ln n; 3
 * @example
 * levelShifts([10, 11, 10, 9, 10, 20, 21, 19, 20, 20]); // => [{ at: 5, before: 10, after: 20 }]
 */
export function levelShifts(values: readonly number[], shortest = 3, penalty = 3): LevelShift[] {
  const n = values.length;
  if (n < 2 * shortest || !values.every(Number.isFinite)) return [];
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const noise = robustScale(steps).scale / Math.SQRT2 || Number.MIN_VALUE;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  const first = values[0]!;
  for (let i = 0; i < n; i++) {
    const z = Math.max(-1e6, Math.min(1e6, (values[i]! - first) / noise));
    sums[i + 1] = sums[i]! + z;
    squares[i + 1] = squares[i]! + z * z;
  }
  const price = penalty * Math.log(n);
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -price;
  const previous = new Int32Array(n + 1);
  /** End from which a start need not be looked at any more; 0 = it is still in the race. */
  const beatenUntil = new Int32Array(n + 1);
  let candidates = [0];
  for (let end = shortest; end <= n; end++) {
    if (end >= 2 * shortest) candidates.push(end - shortest);
    for (const start of candidates) {
      const total = best[start]! + costOf(sums, squares, start, end) + price;
      if (total < best[end]!) {
        best[end] = total;
        previous[end] = start;
      }
    }
    // A start that loses against a cut at `end` can win no later stretch in which that cut is allowed: one `shortest` further on.
    for (const start of candidates) {
      if (beatenUntil[start] === 0 && best[start]! + costOf(sums, squares, start, end) > best[end]!) beatenUntil[start] = end + shortest;
    }
    candidates = candidates.filter((start) => beatenUntil[start] === 0 || end + 1 < beatenUntil[start]!);
  }
  const cuts: number[] = [];
  for (let end = previous[n]!; end > 0; end = previous[end]!) cuts.unshift(end);
  const edges = [0, ...cuts, n];
  const level = (stretch: number): number => robustScale(values.slice(edges[stretch]!, edges[stretch + 1]!)).centre;
  return cuts.map((at, i) => ({ at, before: level(i), after: level(i + 1) }));
}
