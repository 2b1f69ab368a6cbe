/**
 * # Hysteresis
 * An alarm begins above one limit and ends only below a lower one, so that a score at the limit does not flap.
 *
 * Cost: O(1). Source: Schmitt trigger.
 *
 * @param on whether the alarm is on
 * @param score the new score; NaN (no data) changes nothing
 * @param begin limit to begin
 * @param end lower limit to end; half of `begin`
 * @example
 * hysteresis(true, 3, 5); // => true
 * hysteresis(false, 3, 5); // => false
 */
export function hysteresis(on: boolean, score: number, begin: number, end = begin / 2): boolean {
  if (Number.isNaN(score)) return on;
  return on ? score >= end : score >= begin;
}
