/** Blindness: the smallest drop of a series that could be seen. */

/** Deviates of the normal added so that the drop is seen with 90 % probability, not with 50 %. */
export const powerMargin = 1.3;

/**
 * The smallest relative drop that a test at z sees with about 90 % probability over `buckets` buckets of mean `mu`:
 * d = (z + 1.3) sqrt((phi + kappa^2 M) / M), M = buckets x mu; Infinity when even a complete stop (d = 1) would not be seen: then only
 * more time or a coarser aggregate helps. From the two-sample normal approximation of a count with variance phi m + kappa^2 m^2.
 *
 * @param mu expected events per bucket
 * @param kappa the baseline's own relative error (0: exact)
 * @param phi over-dispersion, at least 1
 * @example smallestVisibleDrop(121, 1, 4.2, 0) // 0.5
 */
export function smallestVisibleDrop(mu: number, buckets: number, z: number, kappa: number, phi = 1): number {
  const mean = mu * buckets;
  if (!(mean > 0)) return Number.POSITIVE_INFINITY;
  const drop = (z + powerMargin) * Math.sqrt((Math.max(1, phi) + kappa * kappa * mean) / mean);
  return drop <= 1 ? drop : Number.POSITIVE_INFINITY;
}
