/** Likelihood ratios of "this set moved by one factor" against "this set is as expected", in nats. */

/** A never-expected value is taken to have been expected this often, so that its likelihood stays finite. */
export const smallestExpectation = 0.5;

/** Counts below this are none: x ln x is 0 there, and its terms must not underflow to an infinite logarithm. */
const negligible = 1e-9;

/** ln r is taken as uniform over this width: effects from a few percent to about a factor of seven. */
const logEffectWidth = 2;

/**
 * Log-likelihood ratio of a Poisson count at its own mean against the expected mean: O ln(O/E) - (O - E), never negative.
 * Half the Poisson deviance. Source: Kulldorff 1997, in the expectation-based form of Neill 2009.
 * @example poissonRatio(50, 100) // 15.34264…
 */
export function poissonRatio(observed: number, expected: number): number {
  const e = expected > smallestExpectation ? expected : Math.min(Math.max(observed, expected), smallestExpectation);
  if (observed < negligible) return e;
  return observed * Math.log(observed / e) - (observed - e);
}

/**
 * Log-likelihood ratio of an over-dispersed count at its own mean against the expected mean: the negative binomial of mean m and variance
 * phi m (shape m / (phi - 1), so that sums of such counts are again such counts). Its upper tail is far heavier than that of the
 * Poisson ratio divided by phi, which would take a clump of events in a quiet cell for a surge. `dispersion` must exceed 1.
 * @example clumpedRatio(10, 1, 3) // 3.70115…
 */
export function clumpedRatio(observed: number, expected: number, dispersion: number): number {
  const e = expected > smallestExpectation ? expected : Math.min(Math.max(observed, expected), smallestExpectation);
  const own = Math.max(observed, negligible) / (dispersion - 1);
  const base = Math.max(e, negligible) / (dispersion - 1);
  const shapes = logGamma(observed + own) - logGamma(own) - logGamma(observed + base) + logGamma(base);
  return Math.max(0, shapes - (own - base) * Math.log(dispersion));
}

/** ln of the gamma function for x > 0: Stirling's series after shifting x above 8; relative error below 1e-12. */
export function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  if (y < 8) {
    let product = 1;
    while (y < 8) product *= y++;
    shift = Math.log(product);
  }
  const inverse = 1 / y;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (y - 0.5) * Math.log(y) - y + 0.9189385332046728 + series - shift;
}

/**
 * Log-likelihood ratio of k successes of n at their own rate against the expected successes:
 * k ln(k/e) + (n - k) ln((n - k)/(n - e)), never negative. Half the binomial deviance.
 * @example binomialRatio(30, 50, 100) // 8.22829…
 */
export function binomialRatio(observed: number, expected: number, trials: number): number {
  const edge = Math.min(smallestExpectation, trials / 4);
  const e = Math.min(Math.max(expected, edge), trials - edge);
  const hits = observed > negligible ? observed * Math.log(observed / e) : 0;
  const rest = trials - observed;
  return hits + (rest > negligible ? rest * Math.log(rest / (trials - e)) : 0);
}

/**
 * What a free effect costs: the log of the likelihood averaged over a flat prior of ln r, less its maximum (Laplace approximation,
 * Kass and Raftery 1995): half ln(2 pi / information) - ln(width), never above 0. `information` is the Fisher information of ln r.
 * @example occam(100) // -2.07679…
 */
export function occam(information: number): number {
  return Math.min(0, 0.5 * Math.log((2 * Math.PI) / Math.max(information, 1)) - Math.log(logEffectWidth));
}

/**
 * What the likelihood gains if everything may be off by one common factor whose logarithm is normal with deviation `tolerance`: the
 * baseline's own error. Second-order: (O - E)^2 / 2 / (E + 1/tolerance^2).
 * @example commonGain(110, 100, 0.1) // 0.25
 */
export function commonGain(observed: number, expected: number, tolerance: number): number {
  if (tolerance <= 0) return 0;
  const gap = observed - expected;
  return (0.5 * gap * gap) / (expected + 1 / (tolerance * tolerance));
}

/**
 * ln of the number of ways to choose k of n.
 * @example logChoose(5, 2) // 2.302585092994046
 */
export function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n); i++) sum += Math.log((n - i + 1) / i);
  return sum;
}
