import { expect, test } from 'vitest';
import { CUSUM_START, cusum, cusumRunLength } from './cusum.ts';

test('adds what exceeds the allowance', () => {
  expect(cusum(cusum(CUSUM_START, -2), -2)).toEqual({ down: 2.5, up: 0 });
  expect(cusum({ down: 2.5, up: 0 }, 1)).toEqual({ down: 0.75, up: 0.25 });
  expect(cusum(CUSUM_START, 1e9)).toEqual({ down: 0, up: 4.25 });
  expect(cusum({ down: 1, up: 0 }, Number.NaN)).toEqual({ down: 1, up: 0 });
});

test('run length of h = 5, k = 0.5 is 930 to 940 in the literature (Montgomery: 2 x 465)', () => {
  expect(cusumRunLength(5, 0.5)).toBeCloseTo(938.2, 0);
});

test('run length agrees with a simulation', () => {
  let seed = 12345;
  const uniform = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed + 0.5) / 4294967296;
  };
  let rows = 0;
  let alarms = 0;
  let state = CUSUM_START;
  while (alarms < 400) {
    rows++;
    state = cusum({ down: state.down, up: 0 }, Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()), 0.5);
    if (state.down > 4) {
      alarms++;
      state = CUSUM_START;
    }
  }
  expect(rows / alarms / cusumRunLength(4, 0.5)).toBeGreaterThan(0.8);
  expect(rows / alarms / cusumRunLength(4, 0.5)).toBeLessThan(1.25);
});
