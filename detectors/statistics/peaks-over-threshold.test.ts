import { expect, test } from 'vitest';
import { learnPeak, peakProbability, peakTail } from './peaks-over-threshold.ts';

const exponential = Array.from({ length: 5000 }, (_, i) => -Math.log(1 - (i + 0.5) / 5000));

test('exponential data: probability is exp(-x)', () => {
  const tail = peakTail(exponential);
  expect(tail.mean).toBeGreaterThan(0.95);
  expect(tail.mean).toBeLessThan(1.02);
  for (const x of [5, 7, 9]) {
    expect(Math.log(peakProbability(tail, x)) / -x).toBeGreaterThan(0.9);
    expect(Math.log(peakProbability(tail, x)) / -x).toBeLessThan(1.1);
  }
});

test('a known tail', () => {
  const tail = { threshold: 4, rate: 0.02, mean: 1, variance: 1, count: 20 };
  expect(peakProbability(tail, 6)).toBeCloseTo(0.02 * Math.exp(-2), 15);
  expect(peakProbability(tail, 1)).toBe(0.02);
});

test('cannot be poisoned: a thousand wild values leave the limit finite and learnt slowly', () => {
  let tail = { threshold: 4, rate: 0.02, mean: 1, variance: 1, count: 20 };
  tail = learnPeak(tail, 1e9);
  expect(tail.mean).toBeLessThan(1.3);
  expect(peakProbability(tail, 30)).toBeLessThan(1e-4);
  expect(learnPeak(tail, Number.NaN)).toBe(tail);
  expect(learnPeak(tail, 1).count).toBe(tail.count);
});

test('too little to fit', () => {
  expect(() => peakTail([1, 2, 3])).toThrow(RangeError);
  expect(peakProbability(peakTail(Array(60).fill(5)), 6)).toBeLessThan(0.02);
});
