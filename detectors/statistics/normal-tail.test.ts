import { describe, expect, it } from 'vitest';
import { normalTail } from './normal-tail.ts';

describe('normalTail', () => {
  it('agrees with published values', () => {
    // Abramowitz and Stegun, table 26.1 and 26.2.
    expect(normalTail(0)).toBe(1);
    expect(normalTail(1.96)).toBeCloseTo(0.05, 3);
    expect(normalTail(-3)).toBeCloseTo(2.6998e-3, 6);
    expect(normalTail(6) / 1.9732e-9).toBeCloseTo(1, 4);
    expect(normalTail(4.5).toExponential(2)).toBe('6.80e-6');
  });
});
