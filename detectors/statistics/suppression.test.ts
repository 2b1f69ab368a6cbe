import { expect, test } from 'vitest';
import { suppression } from './suppression.ts';

test('repeats nothing, says what is worse, speaks again later', () => {
  const last = { score: 6, at: 0 };
  expect(suppression(last, 5, 10, 60)).toEqual({ speak: false, last });
  expect(suppression(last, 7, 10, 60)).toEqual({ speak: true, last: { score: 7, at: 10 } });
  expect(suppression(last, 5, 60, 60)).toEqual({ speak: true, last: { score: 5, at: 60 } });
  expect(suppression(undefined, 1, 0, 60).speak).toBe(true);
  expect(suppression(last, Number.NaN, 99, 60)).toEqual({ speak: false, last });
});
