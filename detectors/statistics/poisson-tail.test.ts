import { poissonDistribution } from 'simple-statistics';
import { expect, test } from 'vitest';
import { poissonTail } from './poisson-tail.ts';

test('an empty bucket', () => {
  expect(poissonTail(0, 5).lower).toBeCloseTo(0.006737946999085468, 13);
  expect(poissonTail(0, 5).upper).toBe(1);
  expect(poissonTail(0, 200).lower / Math.exp(-200)).toBeCloseTo(1, 9);
});

test('sums the probabilities of simple-statistics', () => {
  const mass = poissonDistribution(3)!;
  let sum = 0;
  for (let k = 0; k < 10; k++) {
    expect(poissonTail(k, 3).upper).toBeCloseTo(1 - sum, 10);
    sum += mass[k]!;
    expect(poissonTail(k, 3).lower).toBeCloseTo(sum, 10);
  }
});

test('a large mean, against the normal law with continuity correction', () => {
  expect(poissonTail(10_000, 10_000).lower).toBeCloseTo(0.5 + 2 / 3 / Math.sqrt(2 * Math.PI * 10_000), 4);
});

test('edges', () => {
  expect(poissonTail(-1, 5)).toEqual({ lower: 0, upper: 1 });
  expect(poissonTail(0, 0)).toEqual({ lower: 1, upper: 1 });
  expect(poissonTail(2, 0)).toEqual({ lower: 1, upper: 0 });
  expect(poissonTail(1, -1).lower).toBeNaN();
  expect(poissonTail(Number.NaN, 1).lower).toBeNaN();
});
