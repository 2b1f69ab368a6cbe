/**
 * # Count deviate
 * A count and its expectation as one approximately normal deviate. Above the mean the square-root transform is used, which tames the long upper tail of
 * counts; below it Pearson's, because the square root overstates an empty bucket of a small mean (mean 5, none seen: -3.4 by square root, -2.2 by Pearson,
 * -2.5 exactly).
 *
 * Cost: O(1). Source: Anscombe, Biometrika 35 (1948), 246-254.
 *
 * @param count observed, >= 0
 * @param mean expected, > 0
 * @param dispersion factor on the Poisson variance, 1 for independent events
 * @example
 * countDeviate(0, 25, 1); // => -5
 */
export function countDeviate(count: number, mean: number, dispersion: number): number {
  if (!(mean > 0)) return count > 0 ? (2 * (Math.sqrt(count + 0.375) - Math.sqrt(0.375))) / Math.sqrt(dispersion) : 0;
  if (count < mean) return (count - mean) / Math.sqrt(mean * dispersion);
  return (2 * (Math.sqrt(count + 0.375) - Math.sqrt(mean + 0.375))) / Math.sqrt(dispersion);
}
