import { expect, test } from 'vitest';
import { silence } from './silence.ts';

test('18.42 missed events are one chance in 10^8', () => {
  const found = silence([5, 5, 8.42], 1);
  expect(found.missed).toBeCloseTo(18.42, 12);
  expect(found.score).toBeCloseTo(8, 2);
});

test('over-dispersion asks for more; gaps do not count', () => {
  expect(silence([10, 10], 2).score).toBeCloseTo(silence([10], 1).score, 12);
  expect(silence([Number.NaN, -1, Number.POSITIVE_INFINITY, 0], 1)).toEqual({ missed: 0, score: 0 });
  expect(silence([], 1).score).toBe(0);
});
