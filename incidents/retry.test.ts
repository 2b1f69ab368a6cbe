import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestRetryAfterSeconds, retryDelayMs, retryDelaysSeconds } from './retry.ts';

describe('retryDelayMs', () => {
  it('is what the examples say', () => {
    expect(retryDelayMs(1, undefined, 0)).toBe(5000);
    expect(retryDelayMs(1, 60, 0.5)).toBe(66000);
    expect(retryDelayMs(10, undefined, 0)).toBeUndefined();
  });

  it('gives up after ten attempts in 75.6 hours', () => {
    expect(retryDelaysSeconds.length + 1).toBe(10);
    expect(retryDelaysSeconds.reduce((sum, seconds) => sum + seconds, 0) / 3600).toBeCloseTo(75.58, 1);
  });

  it('never waits less than the schedule or than what was asked, and never much more than a day', () => {
    const asked = fc.option(fc.nat(10_000_000), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), asked, fc.double({ min: 0, max: 1, noNaN: true }), (attempt, seconds, random) => {
        const delay = retryDelayMs(attempt, seconds, random)!;
        expect(delay).toBeGreaterThanOrEqual(retryDelaysSeconds[attempt - 1]! * 1000);
        expect(delay).toBeGreaterThanOrEqual(Math.min(seconds ?? 0, longestRetryAfterSeconds) * 1000);
        expect(delay).toBeLessThanOrEqual(86_400_000 * 1.2);
      }),
    );
  });
});
