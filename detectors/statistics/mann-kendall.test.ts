import { expect, test } from 'vitest';
import { mannKendall } from './mann-kendall.ts';

test('a straight rise: S = n (n - 1) / 2', () => {
  const found = mannKendall([1, 2, 3, 4, 5], false);
  expect(found.s).toBe(10);
  expect(found.z).toBeCloseTo(9 / Math.sqrt((5 * 4 * 15) / 18), 12);
  expect(found.p).toBeCloseTo(0.0275, 3);
});

test('ties lower the variance: one pair and two triples', () => {
  const values = [23, 24, 29, 6, 29, 24, 24, 29, 23];
  const ties = 2 * 1 * 9 + 3 * 2 * 11 + 3 * 2 * 11;
  const { s, z } = mannKendall(values, false);
  expect(s).toBe(3);
  expect(z).toBeCloseTo(2 / Math.sqrt((9 * 8 * 23 - ties) / 18), 12);
});

test('autocorrelated noise is no drift, a drift within it is', () => {
  let seed = 7;
  const uniform = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296 - 0.5;
  };
  let plain = 0;
  let whitened = 0;
  for (let run = 0; run < 200; run++) {
    let state = 0;
    const values = Array.from({ length: 56 }, () => {
      state = 0.6 * state + uniform();
      return state;
    });
    if (mannKendall(values, false).p < 0.01) plain++;
    if (mannKendall(values).p < 0.01) whitened++;
  }
  expect(plain).toBeGreaterThan(10);
  expect(whitened).toBeLessThan(plain / 2);
  expect(mannKendall(Array.from({ length: 56 }, (_, i) => i / 10 + uniform())).p).toBeLessThan(1e-10);
});

test('edges', () => {
  expect(mannKendall([1, 2, 3])).toEqual({ s: 0, z: 0, p: 1 });
  expect(mannKendall([5, 5, 5, 5, 5]).p).toBe(1);
  expect(mannKendall([1, Number.NaN, 2, 3, 4], false).s).toBe(6);
});
