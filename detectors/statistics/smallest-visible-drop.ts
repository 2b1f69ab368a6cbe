/**
 * # Smallest visible drop
 * Which share of the traffic must vanish before it is seen, with nine chances of ten, within this window? Below that no method helps; only more time or
 * a larger group does. Shown for each series, it keeps a quiet screen from being taken for a healthy network.
 *
 * Cost: O(1). Source: d = (z + 1.3) sqrt(1 / m + kappa^2) for m expected events with a coefficient of variation kappa beyond Poisson; 1.3 deviates for 90 %.
 *
 * @param expected expected events in the window
 * @param variation coefficient of variation beyond Poisson, 0 for independent events
 * @param z deviate of the alarm limit; 4.2
 * @returns share from 0 to 1, or infinity where even a full stop may go unseen
 * @example
 * smallestVisibleDrop(121, 0); // => 0.5
 */
export function smallestVisibleDrop(expected: number, variation: number, z = 4.2): number {
  if (!(expected > 0)) return Number.POSITIVE_INFINITY;
  const drop = (z + 1.3) * Math.sqrt(1 / expected + variation * variation);
  return drop <= 1 ? drop : Number.POSITIVE_INFINITY;
}
