import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, divided, type Fraction, fractionOf, plus, type RoundingMode, reduced, rounded, scaledOf, times } from './decimal.ts';

describe('rounding by hand', () => {
  // 2.5, -2.5, 3.5, 2.4, -2.6 in each mode.
  const cases: readonly (readonly [RoundingMode, readonly bigint[]])[] = [
    ['half_up', [3n, -3n, 4n, 2n, -3n]],
    ['half_even', [2n, -2n, 4n, 2n, -3n]],
    ['up', [3n, -3n, 4n, 3n, -3n]],
    ['down', [2n, -2n, 3n, 2n, -2n]],
    ['ceiling', [3n, -2n, 4n, 3n, -2n]],
    ['floor', [2n, -3n, 3n, 2n, -3n]],
  ];
  it.each(cases)('%s', (mode, expected) => {
    expect([25n, -25n, 35n, 24n, -26n].map((tenths) => divided(tenths, 10n, mode))).toEqual(expected);
  });

  it('to cents and to whole units', () => {
    expect(rounded({ n: 12_345_000n, d: 1n }, 2, 'half_even')).toBe(12_340_000n);
    expect(rounded({ n: 12_345_000n, d: 1n }, 2, 'half_up')).toBe(12_350_000n);
    expect(rounded({ n: 12_345_000n, d: 1n }, 0, 'down')).toBe(12_000_000n);
    expect(() => rounded({ n: 1n, d: 1n }, 7, 'down')).toThrow(RangeError);
  });
});

it('reads decimals exactly, and nothing else', () => {
  expect(scaledOf('0.091', 6)).toBe(91_000n);
  expect(scaledOf('-1.5', 1)).toBe(-15n);
  expect(scaledOf('0.0000001', 6)).toBeUndefined();
  for (const text of ['', '1e3', '+1', ' 1', '1,5', '.5', '5.', 'NaN', '1234567890123456']) expect(scaledOf(text, 6), text).toBeUndefined();
  expect(fractionOf('0.0000005')).toEqual({ n: 500_000_000_000n, d: 1_000_000_000_000n });
  expect(() => fractionOf('a')).toThrow('not a decimal');
});

it('adds and multiplies by hand', () => {
  expect(plus({ n: 1n, d: 2n }, { n: 1n, d: 3n })).toEqual({ n: 5n, d: 6n });
  expect(times({ n: 1n, d: 2n }, 3n, 4n)).toEqual({ n: 3n, d: 8n });
  expect(reduced({ n: 6n, d: 4n })).toEqual({ n: 3n, d: 2n });
  expect(reduced({ n: 0n, d: 4n })).toEqual({ n: 0n, d: 1n });
});

const fraction: fc.Arbitrary<Fraction> = fc.record({ n: fc.bigInt(-(10n ** 18n), 10n ** 18n), d: fc.bigInt(1n, 10n ** 15n) });
const modes = fc.constantFrom<RoundingMode>('half_up', 'half_even', 'up', 'down', 'ceiling', 'floor');

describe('properties', () => {
  it('a rounded amount lies less than a step away, and at half a step at most where the nearest is taken', () => {
    fc.assert(
      fc.property(fraction, fc.integer({ min: 0, max: 6 }), modes, (amount, decimals, mode) => {
        const step = 10n ** BigInt(6 - decimals);
        const result = rounded(amount, decimals, mode);
        expect(result % step).toBe(0n);
        const off = result * amount.d - amount.n;
        const apart = off < 0n ? -off : off;
        expect(apart < step * amount.d).toBe(true);
        if (mode === 'half_up' || mode === 'half_even') expect(apart * 2n <= step * amount.d).toBe(true);
      }),
    );
  });

  it('rounding what is rounded changes nothing, and keeps the order', () => {
    fc.assert(
      fc.property(fraction, fraction, fc.integer({ min: 0, max: 6 }), modes, (a, b, decimals, mode) => {
        const once = rounded(a, decimals, mode);
        expect(rounded({ n: once, d: 1n }, decimals, mode)).toBe(once);
        if (compare(a, b) <= 0) expect(once <= rounded(b, decimals, mode)).toBe(true);
      }),
    );
  });

  it('sums do not depend on their order, nor on being reduced', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(compare(plus(plus(a, b), c), plus(a, plus(c, b)))).toBe(0);
        expect(compare(reduced(a), a)).toBe(0);
      }),
    );
  });
});
