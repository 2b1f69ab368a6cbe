import { expect, test } from 'vitest';
import { hysteresis } from './hysteresis.ts';

test('begins high, ends low, a gap changes nothing', () => {
  const on: boolean[] = [];
  let state = false;
  for (const score of [3, 5, 4, Number.NaN, 2.5, 2.4, 4]) {
    state = hysteresis(state, score, 5);
    on.push(state);
  }
  expect(on).toEqual([false, true, true, true, true, false, false]);
});
