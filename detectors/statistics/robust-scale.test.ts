import { expect, test } from 'vitest';
import { robustScale } from './robust-scale.ts';

test('an outlier moves nothing', () => {
  expect(robustScale([1, 2, 3, 4, 100])).toEqual({ centre: 3, scale: 1.4826 });
});

test('mostly equal values still have a scale', () => {
  expect(robustScale([0, 0, 0, 0, 10])).toEqual({ centre: 0, scale: expect.closeTo(2.5066, 4) });
  expect(robustScale([7, 7])).toEqual({ centre: 7, scale: 0 });
});

test('gaps are left out; nothing is NaN', () => {
  expect(robustScale([1, Number.NaN, 3, Number.POSITIVE_INFINITY, 2]).centre).toBe(2);
  expect(robustScale([])).toEqual({ centre: Number.NaN, scale: Number.NaN });
});
