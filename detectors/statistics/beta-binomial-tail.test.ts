import { expect, test } from 'vitest';
import { betaBinomialTail } from './beta-binomial-tail.ts';
import { binomialTail } from './binomial-tail.ts';

test('a flat prior makes all outcomes equally likely', () => {
  expect(betaBinomialTail(1, 4, 1, 1)).toBeCloseTo(0.4, 12);
  expect(betaBinomialTail(0, 9, 1, 1)).toBeCloseTo(0.1, 12);
});

test('is wider than the binomial tail and becomes it', () => {
  expect(betaBinomialTail(10, 50, 5, 5)).toBeGreaterThan(binomialTail(10, 50, 0.5).lower);
  expect(betaBinomialTail(10, 50, 5e6, 5e6)).toBeCloseTo(binomialTail(10, 50, 0.5).lower, 6);
});

test('edges', () => {
  expect(betaBinomialTail(-1, 4, 1, 1)).toBe(0);
  expect(betaBinomialTail(4, 4, 1, 1)).toBe(1);
  expect(betaBinomialTail(1, 4, 0, 1)).toBeNaN();
});
