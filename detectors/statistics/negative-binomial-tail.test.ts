import { expect, test } from 'vitest';
import { negativeBinomialTail } from './negative-binomial-tail.ts';
import { poissonTail } from './poisson-tail.ts';

test('an empty bucket: (size / (size + mean)) ^ size', () => {
  expect(negativeBinomialTail(0, 5, 10).lower).toBeCloseTo(0.01734152991583261, 13);
});

test('size 1 is geometric', () => {
  expect(negativeBinomialTail(3, 4, 1).lower).toBeCloseTo(1 - 0.8 ** 4, 12);
  expect(negativeBinomialTail(3, 4, 1).upper).toBeCloseTo(0.8 ** 3, 12);
});

test('is wider than Poisson and becomes it', () => {
  expect(negativeBinomialTail(2, 10, 5).lower).toBeGreaterThan(poissonTail(2, 10).lower);
  expect(negativeBinomialTail(2, 10, 1e12).lower).toBe(poissonTail(2, 10).lower);
  expect(negativeBinomialTail(2, 10, 1e7).lower).toBeCloseTo(poissonTail(2, 10).lower, 6);
});

test('edges', () => {
  expect(negativeBinomialTail(-1, 5, 2)).toEqual({ lower: 0, upper: 1 });
  expect(negativeBinomialTail(1, 0, 2)).toEqual({ lower: 1, upper: 0 });
  expect(negativeBinomialTail(1, 5, 0).lower).toBeNaN();
});
