/**
 * # Step-up false discovery rate
 * Which of many simultaneous results may be believed, so that on average at most a share q of the believed ones is false? Sorts the p-values and takes
 * all up to the largest i with p(i) <= q i / n.
 *
 * Cost: O(n log n). Source: Benjamini, Hochberg, JRSS B 57 (1995), 289-300; for arbitrary dependence q is divided by 1 + 1/2 + ... + 1/n (Benjamini,
 * Yekutieli, Annals of Statistics 29, 2001).
 *
 * @param p p-values; NaN is never believed but counts as a look
 * @param q share of false ones, 0 to 1
 * @param dependent whether the p-values may depend on each other in any way; false (independent or positively dependent)
 * @returns positions of the believed ones, ascending
 * @example
 * stepUp([0.01, 0.5, 0.02, 0.9], 0.05); // => [0, 2]
 */
export function stepUp(p: ArrayLike<number>, q: number, dependent = false): number[] {
  let share = q;
  if (dependent) {
    let harmonic = 0;
    for (let i = 1; i <= p.length; i++) harmonic += 1 / i;
    share = q / harmonic;
  }
  const order = Array.from({ length: p.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(p[i]!))
    .sort((a, b) => p[a]! - p[b]!);
  let last = -1;
  for (let i = 0; i < order.length; i++) if (p[order[i]!]! <= (share * (i + 1)) / p.length) last = i;
  return order.slice(0, last + 1).sort((a, b) => a - b);
}
