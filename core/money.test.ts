import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMicro, toMicro } from './money.ts';

it('reads decimals exactly and writes them back', () => {
  expect(toMicro('1.25')).toBe(1_250_000);
  expect(toMicro('-0.0000005')).toBe(-1);
  expect(toMicro('0.10')).toBe(100_000);
  expect(toMicro('1e3')).toBeNaN();
  expect(toMicro('')).toBeNaN();
  fc.assert(fc.property(fc.integer({ min: -(10 ** 15 - 1), max: 10 ** 15 - 1 }), (micro) => toMicro(fromMicro(micro)) === micro));
});
