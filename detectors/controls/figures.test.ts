import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupedBy } from '../grouped.ts';
import { amountOf, quantileOf } from './amount.ts';
import { binomialAtLeast, poissonAtLeast } from './tails.ts';
import { counted, figure, lasting, percent, utc } from './texts.ts';

it('writes figures as people read them', () => {
  expect(utc(Date.UTC(2026, 10, 21, 10, 15))).toBe('2026-11-21 10:15 UTC');
  expect(counted(2, 'file')).toBe('2 files');
  expect(counted(1, 'file')).toBe('1 file');
  expect(figure(71_200.456)).toBe('71,200.46');
  expect(figure(-1_234_567)).toBe('-1,234,567');
  expect(percent(0.0042)).toBe('0.42 %');
  expect(lasting(8_100_000)).toBe('2 h 15 min');
  expect(lasting(3 * 86_400_000 + 3_600_000)).toBe('3 d 1 h');
});

it('writes amounts in two decimals and never hides one', () => {
  expect(amountOf({ micro: 36_900_000, class: 'leakage', method: '' }, 'EUR').amount).toBe('36.9');
  expect(amountOf({ micro: 1, class: 'leakage', method: '' }, 'EUR').amount).toBe('0.01');
  expect(amountOf({ micro: 0, class: 'leakage', method: '' }, 'EUR').amount).toBe('0');
});

it('finds quantiles between neighbours', () => {
  expect(quantileOf([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantileOf([], 0.5)).toBe(0);
});

it('groups in order', () => {
  expect(groupedBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).get('odd')).toEqual([1, 3]);
});

it('sums Poisson tails: closed forms, and the two sides meet', () => {
  expect(poissonAtLeast(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12);
  expect(poissonAtLeast(3, 1)).toBeCloseTo(1 - 2.5 * Math.exp(-1), 10);
  expect(poissonAtLeast(0, 5)).toBe(1);
  expect(poissonAtLeast(5, 0)).toBe(0);
  expect(poissonAtLeast(100, 1) / (Math.exp(-1) / 9.33262154439441e157)).toBeCloseTo(1.009999, 6);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.5, max: 400, noNaN: true }), (count, mean) => {
      const tail = poissonAtLeast(count, mean);
      expect(tail).toBeGreaterThanOrEqual(0);
      expect(tail).toBeLessThanOrEqual(poissonAtLeast(count - 1, mean) + 1e-9);
    }),
  );
});

it('sums binomial tails: by hand, and the two sides meet', () => {
  expect(binomialAtLeast(2, 3, 0.5)).toBeCloseTo(0.5, 12);
  expect(binomialAtLeast(3, 3, 0.1)).toBeCloseTo(0.001, 12);
  expect(binomialAtLeast(1, 10, 0.2)).toBeCloseTo(1 - 0.8 ** 10, 12);
  expect(binomialAtLeast(0, 3, 0.5)).toBe(1);
  expect(binomialAtLeast(4, 3, 0.5)).toBe(0);
  // 119 of 303 where 0.5 % are accepted: certain beyond doubt, and no number breaks.
  expect(binomialAtLeast(119, 303, 0.005)).toBeLessThan(1e-150);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(400), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (trials, more, rate) => {
      const count = Math.min(trials, more + 1);
      const tail = binomialAtLeast(count, trials, rate);
      expect(tail).toBeGreaterThanOrEqual(0);
      expect(tail).toBeLessThanOrEqual(binomialAtLeast(count - 1, trials, rate) + 1e-9);
    }),
  );
});
