import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeriesBank } from './bank.ts';
import { beginCounts, countVariance, countWeek, learnCounts, moveCountLevel } from './counts.ts';
import { COUNT_LEVEL, LEVEL_DRIFT, LEVEL_VARIANCE, OVER_DISPERSION, STEP, STRIDE, WEEK, WEEK_LEVEL, WEEK_SPREAD } from './layout.ts';

const MONDAY = 1_704_067_200;
const QUARTER = 900;

/** Seeded uniform, normal and gamma-Poisson draws. */
function createRandom(seed: number) {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const count = (mean: number, over: number): number => {
    const rate = Math.max(0, mean * (1 + Math.sqrt(over) * normal()));
    return Math.max(0, Math.round(rate + Math.sqrt(rate) * normal()));
  };
  return { uniform, count };
}

const fresh = (): Float32Array => {
  const state = new Float32Array(STRIDE);
  beginCounts(state, 0);
  state[STEP] = QUARTER;
  return state;
};

test('the level comes back to its long-run mean and grows less certain, most at midnight', () => {
  const state = fresh();
  state[COUNT_LEVEL] = 0.2;
  state[WEEK_LEVEL] = 0.1;
  state[LEVEL_VARIANCE] = 0.001;
  moveCountLevel(state, 0, MONDAY + 2 * QUARTER, MONDAY + QUARTER);
  expect(state[COUNT_LEVEL]!).toBeLessThan(0.2);
  expect(state[COUNT_LEVEL]!).toBeGreaterThan(0.199);
  const noon = state[LEVEL_VARIANCE]! - 0.001;
  state[LEVEL_VARIANCE] = 0.001;
  moveCountLevel(state, 0, MONDAY, MONDAY - QUARTER);
  expect(state[LEVEL_VARIANCE]! - 0.001).toBeGreaterThan(10 * Math.abs(noon));
  moveCountLevel(state, 0, MONDAY + 40 * 86_400, MONDAY);
  expect(state[LEVEL_VARIANCE]!).toBeLessThanOrEqual(0.0201);
});

test('the variance of a count is that of Poisson, less where most are zero, more by over-dispersion', () => {
  const state = fresh();
  state[OVER_DISPERSION] = 0;
  expect(countVariance(state, 0, 2 * Math.sqrt(50))).toBe(1);
  expect(countVariance(state, 0, 1.3)).toBeLessThan(0.5);
  state[OVER_DISPERSION] = 0.01;
  expect(countVariance(state, 0, 2 * Math.sqrt(100.375))).toBeCloseTo(2, 5);
});

test('blocks of a day count as one until they are known to differ', () => {
  const state = fresh();
  for (let block = 0; block < 8; block++) state[WEEK + block] = block < 4 ? -0.1 : 0.3;
  state[WEEK_SPREAD] = 0;
  expect(countWeek(state, 0, MONDAY, MONDAY - QUARTER, 12, 28, false)).toBeCloseTo(0.1, 3);
  state[WEEK_SPREAD] = 10;
  expect(countWeek(state, 0, MONDAY, MONDAY - QUARTER, 12, 28, false)).toBeCloseTo(-0.1, 3);
});

test('over-dispersion is found', () => {
  for (const [over, mean] of [
    [0.01, 200],
    [0.04, 60],
    [0.25, 40],
  ] as const) {
    const random = createRandom(7);
    const state = fresh();
    const centre = 2 * Math.sqrt(mean + 0.375);
    for (let i = 0; i < 6000; i++) learnCounts(state, 0, random.count(mean, over), centre, 0, 0, countVariance(state, 0, centre), centre);
    expect(state[OVER_DISPERSION]!).toBeGreaterThan(0.75 * over);
    expect(state[OVER_DISPERSION]!).toBeLessThan(1.25 * over);
  }
});

test('whatever counts come, level and variances stay finite and within bounds', () => {
  const row = fc.record({ value: fc.oneof(fc.nat(), fc.constantFrom(0, 1e30)), elapsed: fc.integer({ min: 0, max: 1e7 }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), fc.double({ min: 1.2, max: 1e8, noNaN: true }), (rows, profile) => {
      const state = fresh();
      let time = MONDAY;
      for (const { value, elapsed } of rows) {
        moveCountLevel(state, 0, time + elapsed, time);
        time += elapsed;
        const centre = profile * (1 + state[COUNT_LEVEL]!);
        const variance = countVariance(state, 0, centre) + state[LEVEL_VARIANCE]! * profile * profile;
        const error = 2 * Math.sqrt(value + 0.375) - centre;
        const z = error / Math.sqrt(variance);
        learnCounts(state, 0, value, centre, z > 1.5 ? 1.5 * Math.sqrt(variance) : error, z, variance, profile);
        expect(Number.isFinite(state[COUNT_LEVEL]!)).toBe(true);
        expect(state[LEVEL_VARIANCE]!).toBeGreaterThanOrEqual(0);
        expect(state[LEVEL_DRIFT]!).toBeGreaterThan(0);
        expect(state[OVER_DISPERSION]! >= 0.00009 && state[OVER_DISPERSION]! <= 4).toBe(true);
      }
    }),
  );
});

test('a fifth less for five hours is seen on a count with a weekend, and the weekend is not', () => {
  const random = createRandom(3);
  const bank = createSeriesBank(1);
  const mean = (i: number): number => 300 * (1 + 0.7 * Math.sin((2 * Math.PI * i) / 96)) * (Math.floor(i / 96) % 7 > 4 ? 0.6 : 1);
  let quiet = 0;
  for (let i = 0; i < 37 * 96 + 40; i++) {
    const score = bank.push(0, MONDAY + i * QUARTER, random.count(mean(i), 0.005));
    if (i > 28 * 96) quiet = Math.max(quiet, score);
  }
  let during = 0;
  for (let i = 37 * 96 + 40; i < 37 * 96 + 60; i++)
    during = Math.max(during, bank.push(0, MONDAY + i * QUARTER, random.count(0.8 * mean(i), 0.005)));
  expect(quiet).toBeLessThan(4.5);
  expect(during).toBeGreaterThan(5);
});

test.each([
  ['few', (at: number) => 1 + at],
  ['a burst', (at: number) => 60_000 / (1 + at)],
])('a beginning with %s instead of the usual is no habit two weeks later', (_, odd) => {
  const rhythm = (time: number): number => 800 + 780 * Math.sin((2 * Math.PI * (time - 9 * 3600)) / 86_400);
  const random = createRandom(7);
  const bank = createSeriesBank(1);
  let farthest = 0;
  for (let at = -9; at < 15 * 96; at++) {
    const time = MONDAY + at * QUARTER;
    const mean = rhythm(time);
    bank.push(0, time, at < 0 ? Math.round(odd(at + 9)) : random.count(mean, 0.001));
    const expected = bank.inValues(0, bank.usual(0, time));
    if (at >= 14 * 96 && mean > 100) farthest = Math.max(farthest, Math.abs(Math.log(Math.max(expected, 1e-3) / mean)));
  }
  expect(farthest).toBeLessThan(Math.log(1.3));
});
