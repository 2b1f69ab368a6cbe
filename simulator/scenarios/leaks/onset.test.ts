import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hour } from '../../instant.ts';
import { intensity, type Span, strengthUpTo, takes } from './onset.ts';

const spans = fc.record({
  key: fc.nat(),
  from: fc.integer({ min: 0, max: 1e12 }),
  length: fc.integer({ min: hour, max: 400 * hour }),
  onset: fc.constantFrom('step', 'drift', 'intermittent', 'once') as fc.Arbitrary<Span['onset']>,
});

describe('onset', () => {
  it('the documented example holds', () => {
    expect(intensity({ key: 1, from: 0, to: 100, onset: 'drift' }, 75)).toBe(1.5);
  });

  it('strength summed up is the integral of the intensity, and nothing outside the span', () => {
    fc.assert(
      fc.property(spans, fc.double({ min: 0, max: 1, noNaN: true }), ({ key, from, length, onset }, part) => {
        const span: Span = { key, from, to: from + length, onset };
        expect(intensity(span, from - 1)).toBe(0);
        expect(intensity(span, span.to)).toBe(0);
        const at = Math.round(from + part * length);
        const steps = 4000;
        let sum = 0;
        for (let i = 0; i < steps; i++) sum += (intensity(span, from + ((i + 0.5) * (at - from)) / steps) * (at - from)) / steps;
        expect(Math.abs(strengthUpTo(span, at) - sum)).toBeLessThan(0.005 * length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('chance takes the share of the lots', () => {
    const span: Span = { key: 99, from: 0, to: 1000, onset: 'step' };
    let count = 0;
    for (let lot = 0; lot < 100_000; lot++) if (takes(span, 0.03, (lot * 2_654_435_761) >>> 0, 500)) count++;
    expect(count / 100_000).toBeGreaterThan(0.028);
    expect(count / 100_000).toBeLessThan(0.032);
  });
});
