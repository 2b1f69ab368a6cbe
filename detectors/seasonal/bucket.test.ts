import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketScore, medianOf, normalTail, persistence, scoreBucket, togetherOf } from './bucket.ts';

const limits = { z: 4.5, effect: 0.2, records: 20 };

describe('scoreBucket', () => {
  it('by hand: 50 where 100 are usual without scatter, five weeks', () => {
    const { z, effect, expected } = scoreBucket(50, [100, 96, 104, 100, 98], 5, 4);
    expect(expected).toBe(100);
    expect(effect).toBe(-0.5);
    // 2 (sqrt(50.375) - sqrt(100.375)) / sqrt(1.2)
    expect(z).toBeCloseTo((2 * (Math.sqrt(50.375) - Math.sqrt(100.375))) / Math.sqrt(1.2), 10);
  });

  it('scatter beyond Poisson lowers z: MAD 40 of 100 gives phi 35.2', () => {
    const { z } = scoreBucket(50, [60, 140, 100, 60, 140], 5, 4);
    expect(z).toBeCloseTo((2 * (Math.sqrt(50.375) - Math.sqrt(100.375))) / Math.sqrt(((1.4826 * 40) ** 2 / 100) * 1.2), 10);
  });

  it('an incident among the weeks does not move the median', () => {
    expect(scoreBucket(100, [100, 101, 0, 0, 99, 100, 101], 5, 4).expected).toBe(100);
  });

  it('property: finite whatever comes, and its band holds the expected', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.nat(1e9), { minLength: 1, maxLength: 15 }), (observed, comparable) => {
        const score = scoreBucket(observed, comparable, 5, 4.5);
        expect([score.z, score.effect, score.lower, score.upper].every(Number.isFinite)).toBe(true);
        expect(score.lower).toBeLessThanOrEqual(score.expected);
        expect(score.upper).toBeGreaterThanOrEqual(score.expected);
        expect(medianOf(comparable)).toBe(score.expected);
      }),
    );
  });
});

it('normal tails as tabulated', () => {
  expect(normalTail(1.96)).toBeCloseTo(0.05, 3);
  expect(normalTail(4.5).toExponential(2)).toBe('6.80e-6');
  expect(normalTail(-6)).toBeCloseTo(1.973e-9, 12);
});

describe('persistence', () => {
  const bucket = (observed: number): BucketScore => scoreBucket(observed, [100], 5, 4.5);
  const state = (...observed: number[]) => persistence(observed.map(bucket), limits);

  it('needs two of three in one direction', () => {
    expect(state(100, 100, 20)).not.toBe('violation');
    expect(state(100, 20, 20)).toBe('violation');
    expect(state(20, 100, 20)).toBe('violation');
    expect(state(20, 100, 300)).not.toBe('violation');
    expect(state(300, 300, 100)).toBe('violation');
  });

  it('hysteresis: between half and the whole limit what stood stands; two calm buckets clear', () => {
    expect(state(100, 75, 75)).toBe('waiting');
    expect(state(20, 100, 75)).toBe('waiting');
    expect(state(20, 100, 100)).toBe('ok');
    expect(state(100, 100, 100)).toBe('ok');
  });

  it('border: a large z below the relative or absolute floor does not count', () => {
    const large = (observed: number): BucketScore => scoreBucket(observed, [1_000_000], 5, 4.5);
    expect(persistence([850_000, 850_000, 850_000].map(large), limits)).not.toBe('violation');
    const small = (observed: number): BucketScore => scoreBucket(observed, [6], 5, 4.5);
    expect(persistence([0, 0, 0].map(small), limits)).not.toBe('violation');
  });

  it('a thin series shows over three buckets what none of them proves alone', () => {
    const thin = (observed: number): BucketScore => scoreBucket(observed, [25], 5, 4.5);
    expect(Math.abs(thin(8).z)).toBeLessThan(4.5);
    expect(persistence([8, 8, 8].map(thin), limits)).toBe('violation');
    expect(persistence([25, 8, 8].map(thin), limits)).not.toBe('violation');
    // 2 (sqrt(24.375) - sqrt(75.375)) / sqrt(1.2)
    expect(togetherOf([8, 8, 8].map(thin), 4.5).z).toBeCloseTo((2 * (Math.sqrt(24.375) - Math.sqrt(75.375))) / Math.sqrt(1.2), 10);
  });
});
