/**
 * # Silence
 * Nothing came: how many events were missed, and is that chance? A quiet partner may be silent for an hour every night, a busy one not for ten seconds;
 * both are the same question, how many were expected meanwhile. With over-dispersion phi the missed events count for phi times fewer.
 *
 * Cost: O(n). Source: P(no event) = exp(-expected) of a Poisson process; quasi-likelihood for phi.
 *
 * @param expected expected events of each silent bucket since the last event; what is not finite or below 0 is left out
 * @param dispersion phi >= 1
 * @returns missed events and `score` = -log10 of the probability of such a silence
 * @example
 * silence([5, 5, 8.42], 1); // => { missed: 18.42, score: 7.999704…  }
 */
export function silence(expected: ArrayLike<number>, dispersion = 1): { missed: number; score: number } {
  let missed = 0;
  for (let i = 0; i < expected.length; i++) if (expected[i]! > 0 && expected[i]! < Number.POSITIVE_INFINITY) missed += expected[i]!;
  return { missed, score: missed / Math.max(1, dispersion) / Math.LN10 };
}
