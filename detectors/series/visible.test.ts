import fc from 'fast-check';
import { expect, test } from 'vitest';
import { powerMargin, smallestVisibleDrop } from '../budget/visible.ts';
import { deviateOf, visibleDrop } from './visible.ts';

const quarter = 900_000;

test('the examples', () => {
  expect(deviateOf(0.001).toFixed(4)).toBe('3.0902');
  expect(visibleDrop({ expected: 100, upper: 130.9, bucketMs: quarter, limit: 4.28 })?.toFixed(2)).toBe('0.26');
});

test('deviates of small tails as tables of the normal give them', () => {
  expect(deviateOf(0.5)).toBe(0);
  expect(deviateOf(0.9)).toBe(0);
  expect(deviateOf(0)).toBe(Number.POSITIVE_INFINITY);
  for (const [p, z] of [
    [0.05, 1.644854],
    [1e-6, 4.753424],
    [1e-9, 5.997807],
    [1e-12, 7.034484],
    [1e-20, 9.26234],
  ] as const)
    expect(deviateOf(p)).toBeCloseTo(z, 4);
});

test('a deviate never falls as the tail becomes smaller, across the change of formula too', () => {
  for (let digits = 0.4; digits < 30; digits += 0.05) expect(deviateOf(10 ** -(digits + 0.05))).toBeGreaterThan(deviateOf(10 ** -digits));
});

test('of a count with the band of a Poisson it is the closed form', () => {
  fc.assert(
    fc.property(fc.double({ min: 20, max: 1e6, noNaN: true }), fc.double({ min: 2, max: 12, noNaN: true }), (mean, limit) => {
      const closed = smallestVisibleDrop(mean, 4, deviateOf(10 ** -limit), 0);
      const seen = visibleDrop({ expected: mean, upper: mean + 3.09 * Math.sqrt(mean), bucketMs: quarter, limit });
      if (Number.isFinite(closed)) expect(seen).toBeCloseTo(closed, 9);
      else expect(seen).toBeNull();
    }),
  );
});

test('longer buckets than an hour count as one', () => {
  const of = { expected: 1000, upper: 1000 + 3.09 * 50, limit: 4 };
  const hour = visibleDrop({ ...of, bucketMs: 4 * quarter });
  expect(visibleDrop({ ...of, bucketMs: 96 * quarter })).toBe(hour);
  expect(hour).toBeCloseTo((deviateOf(1e-4) + powerMargin) * 0.05, 10);
});

test('not even a stop is seen, or nothing is known: null', () => {
  expect(visibleDrop({ expected: 1, upper: 5, bucketMs: quarter, limit: 4 })).toBeNull();
  for (const [expected, upper] of [
    [0, 5],
    [-5, 5],
    [Number.NaN, 5],
    [100, Number.NaN],
    [100, 90],
  ] as const)
    expect(visibleDrop({ expected, upper, bucketMs: quarter, limit: 4 })).toBeNull();
});
