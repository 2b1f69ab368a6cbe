import { expect, test } from 'vitest';
import { smallestVisibleDrop } from './smallest-visible-drop.ts';

test('121 events show a half, 30.25 a full stop', () => {
  expect(smallestVisibleDrop(121, 0)).toBeCloseTo(0.5, 12);
  expect(smallestVisibleDrop(30.25, 0)).toBeCloseTo(1, 12);
});

test('below that nothing is seen; over-dispersion cannot be waited away', () => {
  expect(smallestVisibleDrop(10, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(smallestVisibleDrop(0, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(smallestVisibleDrop(1e9, 0.1)).toBeCloseTo(0.55, 3);
});
