import { describe, expect, it } from 'vitest';
import { newGaps } from './kafka-gaps.ts';

describe('a gap in the offsets', () => {
  it('counts when it is met twice at the same place; after three of them each counts at once', () => {
    const gaps = newGaps();
    expect(gaps.isReal(10, 12)).toBe(false);
    // Another one first: the library lost its place in between.
    expect(gaps.isReal(10, 15)).toBe(false);
    expect(gaps.isReal(10, 12)).toBe(false);
    for (const at of [10, 20, 30]) {
      if (at > 10) expect(gaps.isReal(at, at + 2)).toBe(false);
      expect(gaps.isReal(at, at + 2)).toBe(true);
    }
    expect(gaps.isReal(40, 50)).toBe(true);
  });
});
