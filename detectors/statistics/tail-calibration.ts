/** How nominal and observed rates agree. */
export interface TailCalibration {
  /** Observed / nominal rate at each nominal p asked for. */
  readonly ratios: readonly { readonly p: number; readonly observed: number; readonly ratio: number }[];
  /** Slope by which scores beyond `from` are multiplied to agree. */
  readonly slope: number;
}

/**
 * # Tail calibration
 * A score of 4 promises one quiet row in ten thousand. Does it keep the promise? Counts on quiet data, and fits the one factor that makes the scores
 * beyond `from` exponential with the mean that true probabilities have (1 / ln 10). Few excesses are shrunk towards no correction.
 *
 * Cost: O(n). Source: -log10 of a uniform p is exponential with mean 1 / ln 10; maximum likelihood of its mean, with a prior worth 50 excesses.
 *
 * @param scores -log10 p of quiet rows
 * @param at nominal probabilities to report; 1e-2, 1e-3, 1e-4
 * @param from scores from here on fit the slope; 2
 * @example
 * tailCalibration([0, 0, 0, 0, 0, 0, 0, 0, 0, 2.5], [0.01]).ratios[0].ratio; // => 10
 */
export function tailCalibration(scores: ArrayLike<number>, at: readonly number[] = [1e-2, 1e-3, 1e-4], from = 2): TailCalibration {
  const limits = at.map((p) => -Math.log10(p));
  const counts = at.map(() => 0);
  let excess = 0;
  let over = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    for (let k = 0; k < limits.length; k++) if (score >= limits[k]!) counts[k]!++;
    if (score > from) {
      excess += Math.min(score - from, 6);
      over++;
    }
  }
  const nominal = 1 / Math.LN10;
  const mean = (excess + 50 * nominal) / (over + 50);
  return {
    ratios: at.map((p, k) => {
      const observed = scores.length === 0 ? 0 : counts[k]! / scores.length;
      return { p, observed, ratio: observed / p };
    }),
    slope: nominal / mean,
  };
}
