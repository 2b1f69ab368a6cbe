import { expect, test } from 'vitest';
import { excessTail } from './excess-tail.ts';

test('mean equal to deviation is the exponential tail', () => {
  expect(excessTail(3, 1, 1)).toBe(-3);
  expect(excessTail(0, 1, 1)).toBe(0);
});

test('shape 0.25 by moments: (1 + x / 4 / 0.75) ^ -4', () => {
  expect(excessTail(3, 1, 2)).toBeCloseTo(-4 * Math.log(2), 12);
});

test('the shape stays within 0 and 0.3', () => {
  expect(excessTail(2, 1, 0.1)).toBe(-2);
  expect(excessTail(7, 1, 1e9)).toBeCloseTo(-Math.log(1 + (0.3 * 7) / 0.7) / 0.3, 12);
});
