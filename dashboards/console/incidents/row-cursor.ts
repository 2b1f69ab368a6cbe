/** The incident that keys move from: it is known by its identity, since rows move while somebody reads. */

export interface RowCursor {
  /** Place in the list that was left last. */
  readonly index: number;
  /** Incident that stood there. */
  readonly id: string;
}

/**
 * Where the cursor is now: with its incident, wherever that has moved to; where it left the list, at the place that it had; -1 before all else.
 * @example placeOf(['a', 'b'], { index: 0, id: 'b' }) // 1
 * @example placeOf(['a', 'b'], { index: 5, id: 'gone' }) // 1
 * @example placeOf(['a', 'b'], undefined) // -1
 */
export function placeOf(ids: readonly string[], cursor: RowCursor | undefined): number {
  if (!cursor) return -1;
  // Most often nothing has moved.
  if (ids[cursor.index] === cursor.id) return cursor.index;
  const found = ids.indexOf(cursor.id);
  return found >= 0 ? found : Math.min(cursor.index, ids.length - 1);
}
