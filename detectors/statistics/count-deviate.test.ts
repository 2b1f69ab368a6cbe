import { expect, test } from 'vitest';
import { countDeviate } from './count-deviate.ts';

test('Pearson below, square root above', () => {
  expect(countDeviate(0, 25, 1)).toBe(-5);
  expect(countDeviate(0, 5, 1)).toBeCloseTo(-2.236, 3);
  expect(countDeviate(36, 25, 1)).toBeCloseTo(2 * (Math.sqrt(36.375) - Math.sqrt(25.375)), 12);
  expect(countDeviate(25, 25, 4)).toBe(0);
  expect(countDeviate(0, 25, 4)).toBe(-2.5);
});

test('nothing expected', () => {
  expect(countDeviate(0, 0, 1)).toBe(0);
  expect(countDeviate(4, 0, 1)).toBeGreaterThan(2.5);
});
