/**
 * # Over-dispersion
 * How much more do these counts vary than independent events would? The factor phi multiplies the Poisson variance; `size` is the negative-binomial size
 * that gives the same excess. Each squared Pearson residual is cut at 25, so that a few outages do not widen the limits for good.
 *
 * Cost: O(n). Source: McCullagh, Nelder, Generalized Linear Models, 4.5 (phi); moments for size.
 *
 * @param observed counts
 * @param expected means of the same length; pairs with a mean of 0 or a value that is not finite are left out
 * @returns `phi` >= 1 (1 without data) and `size` (infinity without excess).
 * @example
 * overDispersion([90, 110, 80, 120], [100, 100, 100, 100]); // => { phi: 2.5, size: 66.66666666666667 }
 */
export function overDispersion(observed: ArrayLike<number>, expected: ArrayLike<number>): { phi: number; size: number } {
  let pearson = 0;
  let pairs = 0;
  let excess = 0;
  let squares = 0;
  for (let i = 0; i < observed.length; i++) {
    const mean = expected[i]!;
    const error = observed[i]! - mean;
    if (!(mean > 0) || !Number.isFinite(error)) continue;
    const squared = Math.min(25 * mean, error * error);
    pearson += squared / mean;
    excess += squared - mean;
    squares += mean * mean;
    pairs++;
  }
  return { phi: pairs === 0 ? 1 : Math.max(1, pearson / pairs), size: excess > 0 ? squares / excess : Number.POSITIVE_INFINITY };
}
