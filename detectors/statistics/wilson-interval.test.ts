import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

test('8 of 10 at 95 %', () => {
  const { lower, upper } = wilsonInterval(8, 10, 1.959964);
  expect(lower).toBeCloseTo(0.4901625, 6);
  expect(upper).toBeCloseTo(0.9433178, 6);
});

test('the published example of 81 in 263 (Newcombe 1998, table I)', () => {
  const { lower, upper } = wilsonInterval(81, 263, 1.959964);
  expect(lower).toBeCloseTo(0.2553, 4);
  expect(upper).toBeCloseTo(0.3662, 4);
});

test('none of n ends at z^2 / (n + z^2); no trials say nothing', () => {
  expect(wilsonInterval(0, 20, 2)).toEqual({ lower: 0, upper: expect.closeTo(4 / 24, 12) });
  expect(wilsonInterval(0, 0, 2)).toEqual({ lower: 0, upper: 1 });
});
