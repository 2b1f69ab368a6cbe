import { expect, test } from 'vitest';
import { overDispersion } from './over-dispersion.ts';

test('mean Pearson square and size by moments', () => {
  expect(overDispersion([90, 110, 80, 120], [100, 100, 100, 100])).toEqual({ phi: 2.5, size: 66.66666666666667 });
});

test('never below Poisson; gaps and one outage do not count much', () => {
  expect(overDispersion([100, 100], [100, 100])).toEqual({ phi: 1, size: Number.POSITIVE_INFINITY });
  expect(overDispersion([], [])).toEqual({ phi: 1, size: Number.POSITIVE_INFINITY });
  expect(overDispersion([Number.NaN, 1], [10, 0]).phi).toBe(1);
  expect(overDispersion([1e9, ...Array(99).fill(110)], Array(100).fill(100)).phi).toBeCloseTo(1.24, 5);
});
