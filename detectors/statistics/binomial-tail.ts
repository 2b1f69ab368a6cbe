import { incompleteBeta } from './incomplete-beta.ts';

/**
 * # Binomial tail
 * How likely are at most (`lower`) or at least (`upper`) this many successes in so many independent trials? For answered calls of attempts when the
 * usual answer ratio is known.
 *
 * Cost: O(sqrt(trials)). Source: P(X <= k) = I_{1-p}(n - k, k + 1), NIST DLMF 8.17.5.
 *
 * @param successes rounded down
 * @param trials >= 0, whole
 * @param probability in [0, 1]
 * @returns both tails in [0, 1]; NaN outside the domain.
 * @example
 * binomialTail(2, 10, 0.5); // => { lower: 0.0546875, upper: 0.9892578125 }
 */
export function binomialTail(successes: number, trials: number, probability: number): { lower: number; upper: number } {
  if (!(trials >= 0) || !(probability >= 0 && probability <= 1) || Number.isNaN(successes)) return { lower: Number.NaN, upper: Number.NaN };
  const k = Math.floor(successes);
  if (k < 0) return { lower: 0, upper: 1 };
  if (k >= trials) return { lower: 1, upper: k > trials ? 0 : probability ** trials };
  return {
    lower: incompleteBeta(trials - k, k + 1, 1 - probability).lower,
    upper: k === 0 ? 1 : incompleteBeta(k, trials - k + 1, probability).lower,
  };
}
