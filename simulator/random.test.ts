import { describe, expect, it } from 'vitest';
import { bits, draws, firstUniform, hex, integer, keyOf, mix, normal, poisson, uniform, weighted } from './random.ts';

describe('random', () => {
  it('keeps the documented examples', () => {
    expect(mix(0)).toBe(0);
    expect(keyOf(7, 1, 2) === keyOf(7, 2, 1)).toBe(false);
    expect(firstUniform(5) === uniform(draws(5))).toBe(true);
    expect(hex(255)).toBe('000000ff');
    expect(hex(0xfedcba98)).toBe('fedcba98');
    expect(weighted(draws(1), [1])).toBe(0);
  });

  it('gives the same values for the same key, and others for another', () => {
    const of = (key: number): number[] => {
      const from = draws(key);
      return Array.from({ length: 50 }, () => bits(from));
    };
    expect(of(11)).toEqual(of(11));
    expect(of(11)).not.toEqual(of(12));
    expect(new Set(of(11)).size).toBe(50);
  });

  it('has the mean and spread it claims', () => {
    const from = draws(keyOf(7, 9));
    const count = 40_000;
    let sum = 0;
    let gauss = 0;
    let squares = 0;
    let events = 0;
    let many = 0;
    for (let i = 0; i < count; i++) {
      sum += uniform(from);
      const z = normal(from);
      gauss += z;
      squares += z * z;
      events += poisson(from, 0.08);
      many += poisson(from, 90);
    }
    expect(sum / count).toBeCloseTo(0.5, 1.8);
    expect(Math.abs(gauss / count)).toBeLessThan(0.03);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.05);
    expect(Math.abs(events / count - 0.08)).toBeLessThan(0.008);
    expect(Math.abs(many / count - 90)).toBeLessThan(0.5);
    expect(integer(from, 1)).toBe(0);
  });
});
