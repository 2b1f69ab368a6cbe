import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DifferingPair, type Measures, patternsOf, roundedUp } from './patterns.ts';

const zero: Measures = { start: 0, ms: 0, octets: 0, charge: 0 };

/** Pairs whose B follows from A, all differing in one measure. */
function pairs(measure: keyof Measures, values: readonly number[], of: (value: number) => number): readonly DifferingPair[] {
  return values.flatMap((value) => {
    const b = of(value);
    return b === value ? [] : [{ a: { ...zero, [measure]: value }, b: { ...zero, [measure]: b }, differs: [measure] }];
  });
}

const spread = (count: number, step: number, first = step): readonly number[] => Array.from({ length: count }, (_, i) => first + i * step);
const texts = (of: readonly DifferingPair[]) => patternsOf(of).map(({ text }) => text);
const durations = spread(60, 7_300);

it('rounds up as partners agree it', () => {
  expect([1, 60_000, 60_001].map((ms) => roundedUp(ms, 60, 60))).toEqual([60_000, 60_000, 120_000]);
  expect(roundedUp(31_000, 30, 6)).toBe(36_000);
  expect(roundedUp(0, 60, 60)).toBe(0);
});

describe('names', () => {
  it.each([
    ['B rounds durations up 60/60', pairs('ms', durations, (ms) => roundedUp(ms, 60, 60))],
    ['B rounds durations up 6/6', pairs('ms', durations, (ms) => roundedUp(ms, 6, 6))],
    ['B rounds durations up 30/6', pairs('ms', [...durations, ...spread(30, 900)], (ms) => roundedUp(ms, 30, 6))],
    ['the duration of B is always 3 s more', pairs('ms', durations, (ms) => ms + 3_000)],
    ['the duration of B is 0.5 times that of A', pairs('ms', durations, (ms) => ms / 2)],
    [
      'the volume of B is 1.04858 times that of A: MiB counted as MB',
      pairs('octets', spread(60, 5_000_001), (octets) => Math.round(octets * 1.048576)),
    ],
    ['the charge of B is 1.19 times that of A', pairs('charge', spread(60, 123_450), (charge) => Math.round(charge * 1.19))],
    ['the charge of B is always 0.15 less', pairs('charge', spread(60, 123_450, 200_000), (charge) => charge - 150_000)],
    [
      'the clock of B is 7200 s behind: a time zone or daylight saving',
      pairs('start', spread(60, 1_000_000), (start) => start - 7_200_000),
    ],
    ['the clock of B is 137 s ahead', pairs('start', spread(60, 1_000_000), (start) => start + 137_000 + (start % 3) * 300)],
  ])('%s', (text, of) => {
    expect(texts(of)[0]).toBe(text);
  });

  it('A rounds where A is the longer', () => {
    const of = pairs('ms', durations, (ms) => roundedUp(ms, 60, 60)).map(({ a, b, differs }) => ({ a: b, b: a, differs }));
    expect(texts(of)).toEqual(['A rounds durations up 60/60']);
  });

  it('two patterns, the commoner first', () => {
    const of = [...pairs('ms', durations, (ms) => roundedUp(ms, 60, 60)), ...pairs('charge', spread(40, 100_000), (charge) => charge * 2)];
    expect(texts(of)).toEqual(['B rounds durations up 60/60', 'the charge of B is 2 times that of A']);
  });
});

describe('stays silent', () => {
  it('on few pairs, on one value, on what follows nothing', () => {
    expect(texts(pairs('ms', durations.slice(0, 9), (ms) => ms * 2))).toEqual([]);
    expect(texts(pairs('ms', Array(50).fill(60_000), (ms) => ms * 2))).toEqual([]);
    const scattered = spread(200, 977_001).map((octets, i) => ({
      a: { ...zero, octets },
      b: { ...zero, octets: octets * (1.5 + ((i * 7919) % 1000) / 250) },
      differs: ['octets' as const],
    }));
    expect(texts(scattered)).toEqual([]);
    expect(texts([])).toEqual([]);
  });
});

it('property: planted rounding is named with its minimum and increment, among noise', () => {
  const agreed = fc.constantFrom<readonly [number, number]>(
    [6, 6],
    [10, 10],
    [12, 12],
    [15, 15],
    [30, 30],
    [30, 6],
    [60, 1],
    [60, 30],
    [60, 60],
  );
  fc.assert(
    fc.property(
      agreed,
      fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 80, maxLength: 200 }),
      fc.nat(20),
      ([minimum, increment], tenths, noise) => {
        const of = pairs(
          'ms',
          [...new Set(tenths)].map((each) => each * 100),
          (ms) => roundedUp(ms, minimum, increment),
        );
        fc.pre(of.length >= 60);
        const noisy = pairs('ms', spread(noise, 3_311), (ms) => ms + 100_000 + ((ms * 7919) % 90_000));
        const found = patternsOf([...of, ...noisy]);
        const held = of.filter((pair) => found[0]?.holds(pair)).length;
        expect(found[0]?.pattern).toBe('rounding');
        expect(held).toBeGreaterThanOrEqual(0.99 * of.length);
      },
    ),
  );
});
