/** What was last said. */
export interface LastWord {
  readonly score: number;
  /** Rows or seconds, like `now`. */
  readonly at: number;
}

/**
 * # Suppression
 * Whoever just raised an alarm says nothing more for a while unless it has become worse: repeating the same alarm every minute is how a team learns to
 * look away.
 *
 * Cost: O(1). Source: refractory period.
 *
 * @param last what was last said, undefined at first
 * @param score of this row
 * @param now in the unit of `span`
 * @param span length of the silence
 * @returns whether to speak, and what to remember
 * @example
 * suppression({ score: 6, at: 0 }, 5, 10, 60); // => { speak: false, last: { score: 6, at: 0 } }
 */
export function suppression(
  last: LastWord | undefined,
  score: number,
  now: number,
  span: number,
): { speak: boolean; last: LastWord | undefined } {
  if (Number.isNaN(score)) return { speak: false, last };
  const speak = last === undefined || now - last.at >= span || score > last.score;
  return { speak, last: speak ? { score, at: now } : last };
}
