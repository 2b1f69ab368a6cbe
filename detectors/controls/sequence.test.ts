import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Numbered, sequenceReport } from './sequence.ts';

const arrivals = (...numbers: number[]): Numbered[] => numbers.map((sequence, at) => ({ sequence, content: `${sequence}/${at}`, at }));
const report = (numbers: number[], rule?: Parameters<typeof sequenceReport>[1]) => sequenceReport(arrivals(...numbers), rule, 10_000);
const gaps = (numbers: number[], rule?: Parameters<typeof sequenceReport>[1]) =>
  report(numbers, rule).gaps.map(({ from, to, count }) => [from, to, count]);

describe('sequenceReport', () => {
  it('finds nothing in a sequence without holes, in or out of order', () => {
    expect(gaps([5, 6, 7, 8])).toEqual([]);
    expect(gaps([5, 7, 6, 8])).toEqual([]);
    expect(report([5, 7, 6, 8]).overtaken).toBe(1);
    expect(report([5, 6, 7, 8]).overtaken).toBe(0);
  });

  it('finds one and several missing numbers and says when they became visible', () => {
    expect(report([31_707, 31_709]).gaps).toEqual([{ from: 31_708, to: 31_708, count: 1, noticedAt: 1 }]);
    expect(gaps([1, 2, 5, 6, 9])).toEqual([
      [3, 4, 2],
      [7, 8, 2],
    ]);
  });

  it('begins with the first number it sees, and takes in what comes later from before it', () => {
    expect(gaps([100, 101])).toEqual([]);
    expect(gaps([100, 98])).toEqual([[99, 99, 1]]);
  });

  it('knows the wrap of a TAP counter and of one of two octets, with and without a loss across it', () => {
    expect(gaps([99_998, 99_999, 1, 2])).toEqual([]);
    expect(gaps([99_998, 1, 2])).toEqual([[99_999, 99_999, 1]]);
    expect(gaps([99_998, 2])).toEqual([[99_999, 1, 2]]);
    expect(gaps([65_534, 65_535, 0, 1])).toEqual([]);
  });

  it('takes a late number from before the wrap for what it is', () => {
    expect(gaps([99_997, 99_999, 1, 2, 99_998, 3])).toEqual([]);
  });

  it('follows a stated counter of any size', () => {
    const rule = { first: 0, last: 9, reset: 'none' } as const;
    expect(gaps([7, 8, 9, 0, 1], rule)).toEqual([]);
    expect(gaps([7, 8, 0, 1], rule)).toEqual([[9, 9, 1]]);
  });

  it('recognises a restart each day, and counts what is missing at its begin', () => {
    const day = Array.from({ length: 24 }, (_, at) => at + 1);
    expect(gaps([...day, ...day])).toEqual([]);
    expect(gaps([...day, ...day.slice(1)])).toEqual([[1, 1, 1]]);
    expect(gaps([...day.slice(0, 22), 24, 1, 2, 23])).toEqual([]);
  });

  it('restarts by the day of arrival where the settings say so', () => {
    const rule = { first: 1, last: 9999, reset: 'daily' } as const;
    const at = (sequence: number, hour: number) => ({ sequence, content: `${hour}`, at: hour * 3_600_000 });
    expect(sequenceReport([at(1, 20), at(2, 22), at(1, 25), at(3, 26)], rule, 10_000).gaps).toMatchObject([{ from: 2, to: 2 }]);
  });

  it('reports a number that came again with other content, but not the same file again', () => {
    expect(report([31_708, 31_709, 31_708]).repeats).toHaveLength(1);
    const same = { sequence: 7, content: 'a', at: 1 };
    expect(sequenceReport([same, { ...same, at: 2 }], undefined, 10_000).repeats).toEqual([]);
  });

  it('takes a jump beyond the limit for a new numbering', () => {
    expect(report([100, 101, 2_000_000, 2_000_001])).toMatchObject({ gaps: [], breaks: [{ sequence: 2_000_000 }] });
  });

  it('property: exactly the numbers taken out are missing, whatever the order within a few places', () => {
    fc.assert(
      fc.property(
        // Near the first number of a counter, one that arrives late cannot be told from a restart.
        fc.integer({ min: 5, max: 50_000 }),
        fc.integer({ min: 3, max: 60 }),
        fc.func(fc.boolean()),
        fc.array(fc.nat(2), { minLength: 60, maxLength: 60 }),
        (from, length, taken, shifts) => {
          const all = Array.from({ length }, (_, at) => from + at);
          const kept = all.filter((number, at) => at === 0 || at === length - 1 || !taken(number));
          const shuffled = kept.map((number, at) => ({ number, place: at + (shifts[at] ?? 0) })).sort((a, b) => a.place - b.place);
          const found = report(shuffled.map(({ number }) => number)).gaps.flatMap(({ from: low, count }) =>
            Array.from({ length: count }, (_, at) => low + at),
          );
          expect(found).toEqual(all.filter((number) => !kept.includes(number)));
        },
      ),
    );
  });

  it('property: a wrap anywhere changes nothing', () => {
    const rule = { first: 1, last: 99_999, reset: 'none' } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 48 }), { maxLength: 20 }),
        (from, taken) => {
          const numbers = Array.from({ length: 50 }, (_, at) => at)
            .filter((at) => !taken.includes(at))
            .map((at) => ((from - 1 + at) % 99_999) + 1);
          expect(report(numbers, rule).gaps.reduce((sum, { count }) => sum + count, 0)).toBe(taken.length);
        },
      ),
    );
  });
});
