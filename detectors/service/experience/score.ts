/**
 * Score of a value on the straight line between its bad and its good point, cut off at both.
 * @returns 0 to 100
 * @example scoreOf(84, 70, 98) // 50
 */
export function scoreOf(value: number, bad: number, good: number): number {
  return Math.min(100, Math.max(0, (100 * (value - bad)) / (good - bad)));
}
