/**
 * # Tail of an excess
 * Natural logarithm of the probability that an excess over a high threshold is at least this large, by the generalised Pareto distribution with its two
 * parameters from the mean and variance of earlier excesses. The shape is kept within [0, 0.3]: a negative shape would claim that nothing beyond an end
 * point can happen, a larger one has no variance to match.
 *
 * Cost: O(1). Source: Hosking, Wallis, Technometrics 29 (1987), 339-349, moments: shape = (1 - mean^2 / variance) / 2, scale = mean (1 - shape).
 *
 * @param excess value minus threshold, > 0; otherwise the result is 0
 * @param mean mean of earlier excesses, > 0
 * @param variance their variance
 * @returns ln p, 0 or below
 * @example
 * excessTail(3, 1, 1); // => -3, the exponential tail
 */
export function excessTail(excess: number, mean: number, variance: number): number {
  if (!(excess > 0)) return 0;
  const moments = 0.5 * (1 - (mean * mean) / variance);
  const shape = moments > 0.3 ? 0.3 : Math.max(moments, 0);
  const scale = mean * (1 - shape);
  return shape < 1e-4 ? -excess / scale : -Math.log1p((shape * excess) / scale) / shape;
}
