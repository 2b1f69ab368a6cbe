import { expect, test } from 'vitest';
import { stepUp } from './step-up.ts';

test('two of four', () => {
  expect(stepUp([0.01, 0.5, 0.02, 0.9], 0.05)).toEqual([0, 2]);
});

test('the example of Benjamini and Hochberg (1995), section 4: four of fifteen at 5 %', () => {
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  expect(stepUp(p, 0.05)).toEqual([0, 1, 2, 3]);
  expect(stepUp(p, 0.05, true)).toEqual([0, 1, 2]);
});

test('steps up over a p above its own line; NaN is a look', () => {
  expect(stepUp([0.04, 0.045], 0.05)).toEqual([0, 1]);
  expect(stepUp([0.03, Number.NaN], 0.05)).toEqual([]);
  expect(stepUp([], 0.05)).toEqual([]);
});
