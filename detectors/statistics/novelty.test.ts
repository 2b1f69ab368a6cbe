import { expect, test } from 'vitest';
import { novelty } from './novelty.ts';

test('distance beyond the range, in steps', () => {
  expect(novelty(13, 0, 10, 1)).toBeCloseTo(2, 9);
  expect(novelty(-3, 0, 10, 1)).toBeCloseTo(2, 9);
  expect(novelty(10, 0, 10, 1)).toBe(0);
  expect(Number.isFinite(novelty(1, 0, 0, 0))).toBe(true);
});
