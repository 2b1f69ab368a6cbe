import { median } from 'simple-statistics';

/**
 * # Theil-Sen slope
 * The median of the slopes between all pairs: the drift of a series of which up to 29 % of the values may be wrong.
 *
 * Cost: O(n^2), meant for 28 to 56 daily medians; more than 2,000 values are refused. Source: Sen, JASA 63 (1968), 1379-1389.
 *
 * @param values evenly spaced; NaN is a gap
 * @returns change per step; NaN with fewer than two values
 * @throws RangeError for more than 2,000 values
 * @example
 * theilSen([1, 2, 3, 400, 5]); // => 1
 */
export function theilSen(values: readonly number[]): number {
  if (values.length > 2000) throw new RangeError(`theilSen: ${values.length} values, at most 2000`);
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++)
    for (let j = i + 1; j < values.length; j++) {
      const slope = (values[j]! - values[i]!) / (j - i);
      if (Number.isFinite(slope)) slopes.push(slope);
    }
  return slopes.length === 0 ? Number.NaN : median(slopes);
}
