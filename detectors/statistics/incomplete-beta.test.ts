import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incompleteBeta } from './incomplete-beta.ts';

test('closed forms', () => {
  expect(incompleteBeta(2, 3, 0.5).lower).toBeCloseTo(0.6875, 13);
  expect(incompleteBeta(2, 3, 0.5).upper).toBeCloseTo(0.3125, 13);
  expect(incompleteBeta(1, 1, 0.3).lower).toBeCloseTo(0.3, 13);
  // The arcsine law: I_x(1/2, 1/2) = 2 asin(sqrt x) / pi.
  expect(incompleteBeta(0.5, 0.5, 0.2).lower).toBeCloseTo((2 * Math.asin(Math.sqrt(0.2))) / Math.PI, 12);
});

test('is symmetric', () => {
  const side = fc.double({ min: 0.1, max: 200, noNaN: true });
  fc.assert(
    fc.property(side, side, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, x) => {
      expect(incompleteBeta(a, b, x).lower).toBeCloseTo(incompleteBeta(b, a, 1 - x).upper, 9);
    }),
  );
});

test('outside its domain it is NaN, at the ends 0 and 1', () => {
  expect(incompleteBeta(0, 1, 0.5).lower).toBeNaN();
  expect(incompleteBeta(1, 1, 1.5).lower).toBeNaN();
  expect(incompleteBeta(1, 2, 0)).toEqual({ lower: 0, upper: 1 });
  expect(incompleteBeta(1, 2, 1)).toEqual({ lower: 1, upper: 0 });
});
