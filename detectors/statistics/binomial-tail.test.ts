import { binomialDistribution } from 'simple-statistics';
import { expect, test } from 'vitest';
import { binomialTail } from './binomial-tail.ts';

test('two heads of ten', () => {
  expect(binomialTail(2, 10, 0.5).lower).toBeCloseTo(0.0546875, 13);
  expect(binomialTail(2, 10, 0.5).upper).toBeCloseTo(0.9892578125, 13);
});

test('sums the probabilities of simple-statistics', () => {
  const mass = binomialDistribution(12, 0.3)!;
  let sum = 0;
  for (let k = 0; k < 9; k++) {
    expect(binomialTail(k, 12, 0.3).upper).toBeCloseTo(1 - sum, 10);
    sum += mass[k]!;
    expect(binomialTail(k, 12, 0.3).lower).toBeCloseTo(sum, 10);
  }
});

test('edges', () => {
  expect(binomialTail(-1, 5, 0.5)).toEqual({ lower: 0, upper: 1 });
  expect(binomialTail(5, 5, 0.5)).toEqual({ lower: 1, upper: 0.03125 });
  expect(binomialTail(6, 5, 0.5)).toEqual({ lower: 1, upper: 0 });
  expect(binomialTail(1, 5, 1.2).lower).toBeNaN();
});
