import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incompleteGamma } from './incomplete-gamma.ts';

test('shape 1 is the exponential law', () => {
  expect(incompleteGamma(1, 2).lower).toBeCloseTo(0.8646647167633873, 13);
  expect(incompleteGamma(1, 2).upper).toBeCloseTo(Math.exp(-2), 13);
  expect(incompleteGamma(1, 600).upper / Math.exp(-600)).toBeCloseTo(1, 9);
});

test('shape 1/2 is the error function: P(1/2, 1) = erf(1)', () => {
  expect(incompleteGamma(0.5, 1).lower).toBeCloseTo(0.8427007929497149, 12);
});

test('whole shapes are Poisson sums', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 60, noNaN: true }), (shape, x) => {
      let term = Math.exp(-x);
      let sum = term;
      for (let k = 1; k < shape; k++) {
        term *= x / k;
        sum += term;
      }
      expect(incompleteGamma(shape, x).upper).toBeCloseTo(sum, 10);
    }),
  );
});

test('outside its domain it is NaN, at the ends 0 and 1', () => {
  expect(incompleteGamma(0, 1).lower).toBeNaN();
  expect(incompleteGamma(1, -1).upper).toBeNaN();
  expect(incompleteGamma(1, Number.NaN).upper).toBeNaN();
  expect(incompleteGamma(3, 0)).toEqual({ lower: 0, upper: 1 });
  expect(incompleteGamma(3, Number.POSITIVE_INFINITY)).toEqual({ lower: 1, upper: 0 });
});
