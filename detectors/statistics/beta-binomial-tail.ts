import { gammaln } from 'simple-statistics';

const logBeta = (a: number, b: number): number => gammaln(a) + gammaln(b) - gammaln(a + b);
const logChoose = (n: number, k: number): number => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);

/**
 * # Beta-binomial tail
 * The lower tail of successes when the success probability itself wanders from bucket to bucket (Beta distributed). An answer ratio depends on the
 * hour's mix of destinations; a binomial tail would call every mix an outage.
 *
 * Cost: O(successes). Source: Johnson, Kemp, Kotz, Univariate Discrete Distributions, 6.2.2.
 *
 * @param successes at most this many, whole
 * @param trials >= 0, whole
 * @param alpha > 0, pseudo-successes
 * @param beta > 0, pseudo-failures
 * @returns P(X <= successes); NaN outside the domain.
 * @example
 * betaBinomialTail(1, 4, 1, 1); // => 0.4, two of the five outcomes that a flat prior makes equally likely
 */
export function betaBinomialTail(successes: number, trials: number, alpha: number, beta: number): number {
  if (!(trials >= 0) || !(alpha > 0) || !(beta > 0) || Number.isNaN(successes)) return Number.NaN;
  const k = Math.floor(successes);
  if (k < 0) return 0;
  if (k >= trials) return 1;
  const base = logBeta(alpha, beta);
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += Math.exp(logChoose(trials, i) + logBeta(i + alpha, trials - i + beta) - base);
  return Math.min(1, sum);
}
