import { describe, expect, it } from 'vitest';
import { beginOnset } from './onset.ts';
import type { PartState } from './part.ts';
import { pooledEvidence } from './pooled.ts';

const stateOf = (
  value: number,
  expected: number,
  before?: { observed: number; expected: number; unsure?: number },
  unsure = 0,
): PartState => {
  const onsets = new Map(before ? [[0, { ...beginOnset(0, 'down' as const), ...before }]] : []);
  return {
    onsets,
    value: Float64Array.of(value),
    expected: Float64Array.of(expected),
    unsure: Float64Array.of(unsure),
  } as unknown as PartState;
};

describe('pooledEvidence', () => {
  it('grows while a drop lasts, though no bucket alone is rare', () => {
    // z = 2 (sqrt(12.375) - sqrt(30.375)) / sqrt(1.5 + 0.3) = -2.97, p = 0.0015.
    expect(pooledEvidence(stateOf(12, 30), 0, 'down')).toBeCloseTo(2.83, 1);
    expect(pooledEvidence(stateOf(12, 30, { observed: 36, expected: 90 }), 0, 'down')).toBeGreaterThan(4.3);
    expect(pooledEvidence(stateOf(12, 30), 0, 'up')).toBe(0);
  });

  it('says less where what is expected is itself uncertain, of this bucket or of those before', () => {
    const before = { observed: 36, expected: 90 };
    const sure = pooledEvidence(stateOf(12, 30, before), 0, 'down');
    expect(pooledEvidence(stateOf(12, 30, before, 0.4), 0, 'down')).toBeLessThan(sure);
    // A drop to 40 % where half is a guess.
    expect(pooledEvidence(stateOf(12, 30, { ...before, unsure: 45 }, 0.5), 0, 'down')).toBeLessThan(1);
    // z = 2 (sqrt(12.375) - sqrt(30.375)) / sqrt(1.5 + (0.01 + 0.16) 30) = -1.55
    expect(pooledEvidence(stateOf(12, 30, undefined, 0.4), 0, 'down')).toBeCloseTo(1.22, 1);
  });

  it('a baseline that is a fifth off is no finding however long it lasts', () => {
    expect(pooledEvidence(stateOf(80, 100, { observed: 8e6, expected: 1e7 }), 0, 'down')).toBeLessThan(2);
  });
});
