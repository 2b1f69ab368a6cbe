/**
 * Gaps in the offsets of a partition: compaction and transactions leave some, and a library that lost its place would make one too. So a
 * gap counts once it was met twice at the same place; after a few the topic is known to have them.
 *
 * @example
 * const gaps = newGaps();
 * gaps.isReal(10, 12); // false: read again
 * gaps.isReal(10, 12); // true
 */
export interface Gaps {
  /** @param expected offset that should have come @param found offset that came */
  isReal(expected: number, found: number): boolean;
}

/** Gaps read twice before they are taken for the nature of the topic. */
const trustedGaps = 3;

/** Of a partition of which no gap is known. */
export function newGaps(): Gaps {
  let last = '';
  let known = 0;
  return {
    isReal(expected, found) {
      if (known >= trustedGaps) return true;
      const gap = `${expected}-${found}`;
      if (gap === last) {
        known++;
        return true;
      }
      last = gap;
      return false;
    },
  };
}
