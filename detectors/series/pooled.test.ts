import { describe, expect, it } from 'vitest';
import { beginOnset } from './onset.ts';
import type { PartState } from './part.ts';
import { pooledEvidence } from './pooled.ts';

const stateOf = (value: number, expected: number, before?: { observed: number; expected: number }): PartState => {
  const onsets = new Map(before ? [[0, { ...beginOnset(0, 'down' as const), ...before }]] : []);
  return { onsets, value: Float64Array.of(value), expected: Float64Array.of(expected) } as unknown as PartState;
};

describe('pooledEvidence', () => {
  it('grows while a drop lasts, though no bucket alone is rare', () => {
    // z = 2 (sqrt(12.375) - sqrt(30.375)) / sqrt(1.5 + 0.3) = -2.97, p = 0.0015.
    expect(pooledEvidence(stateOf(12, 30), 0, 'down')).toBeCloseTo(2.83, 1);
    expect(pooledEvidence(stateOf(12, 30, { observed: 36, expected: 90 }), 0, 'down')).toBeGreaterThan(4.3);
    expect(pooledEvidence(stateOf(12, 30), 0, 'up')).toBe(0);
  });

  it('a baseline that is a fifth off is no finding however long it lasts', () => {
    expect(pooledEvidence(stateOf(80, 100, { observed: 8e6, expected: 1e7 }), 0, 'down')).toBeLessThan(2);
  });
});
