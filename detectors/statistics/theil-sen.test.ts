import { expect, test } from 'vitest';
import { theilSen } from './theil-sen.ts';

test('one wild value moves nothing', () => {
  expect(theilSen([1, 2, 3, 400, 5])).toBe(1);
  expect(theilSen([10, 8, 6, 4])).toBe(-2);
});

test('gaps are skipped, too little is NaN, too much refused', () => {
  expect(theilSen([1, Number.NaN, 3, 4])).toBe(1);
  expect(theilSen([1])).toBeNaN();
  expect(() => theilSen(Array(2001).fill(0))).toThrow(RangeError);
});
