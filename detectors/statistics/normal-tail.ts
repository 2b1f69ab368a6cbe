import { cumulativeStdNormalProbability } from 'simple-statistics';

/**
 * # Normal tail
 * How rare is a deviate at least this far out, either way? The table of simple-statistics ends at 3.09; alarms live beyond it.
 *
 * Cost: O(1). Source: cumulative normal below 2; Laplace's continued fraction beyond, exact to 6 digits.
 *
 * @param z standard normal deviate
 * @returns two-sided p
 * @example
 * normalTail(4.5).toExponential(2); // => '6.80e-6'
 */
export function normalTail(z: number): number {
  const size = Math.abs(z);
  if (size < 2) return 2 * (1 - cumulativeStdNormalProbability(size));
  let fraction = size;
  for (let term = 40; term > 0; term--) fraction = size + term / fraction;
  return (2 * Math.exp((-size * size) / 2)) / Math.sqrt(2 * Math.PI) / fraction;
}
