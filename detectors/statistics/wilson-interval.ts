/**
 * # Wilson interval
 * Between which limits does the true ratio lie, given k successes of n? Holds for small n and for ratios near 0 or 1, where the textbook interval leaves
 * [0, 1].
 *
 * Cost: O(1). Source: Wilson, JASA 22 (1927), 209-212.
 *
 * @param successes 0 to trials
 * @param trials without any, the interval is [0, 1]
 * @param z deviate of the wanted certainty; 1.96 for 95 %, 4 for one false alarm in 30,000
 * @returns limits in [0, 1]
 * @example
 * wilsonInterval(8, 10, 1.959964); // => { lower: 0.490162…, upper: 0.943317… }
 */
export function wilsonInterval(successes: number, trials: number, z: number): { lower: number; upper: number } {
  if (!(trials > 0)) return { lower: 0, upper: 1 };
  const share = successes / trials;
  const squared = z * z;
  const centre = share + squared / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials * trials));
  const scale = 1 + squared / trials;
  return { lower: Math.max(0, (centre - half) / scale), upper: Math.min(1, (centre + half) / scale) };
}
