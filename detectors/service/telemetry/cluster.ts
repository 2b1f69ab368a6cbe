/** What happened at about the same time: the largest group of instants within a stretch. */

/**
 * Places of the instants that lie within one stretch of `withinMs`, of the largest such group; of equal ones the latest.
 * @example largestCluster([0, 100, 90_000, 90_050, 90_060], 60_000) // [2, 3, 4]
 */
export function largestCluster(instants: readonly number[], withinMs: number): readonly number[] {
  const order = instants.map((_, place) => place).sort((a, b) => instants[a]! - instants[b]!);
  let best: readonly [number, number] = [0, 0];
  for (let from = 0, to = 0; to < order.length; to++) {
    while (instants[order[to]!]! - instants[order[from]!]! > withinMs) from++;
    if (to + 1 - from >= best[1] - best[0]) best = [from, to + 1];
  }
  return order.slice(...best);
}
