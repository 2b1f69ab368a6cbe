/**
 * Items by a key, in the order in which they came.
 * @example groupedBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).get('odd') // [1, 3]
 */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
