import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeriesBank, type SeriesBank } from './bank.ts';

const MONDAY = 1_704_067_200;

/** Pushes `rows` rows of a noisy count from row `from` on, and answers the last figures. */
function run(bank: SeriesBank, index: number, rows: number, from = 0): number[] {
  for (let i = from; i < from + rows; i++) bank.push(index, MONDAY + i * 900, 50 + ((i * 7919) % 31));
  return [bank.score[index]!, bank.expected[index]!, bank.lower[index]!, bank.upper[index]!, bank.alarm[index]!];
}

test('a series put back into another place of another bank goes on with equal outputs', () => {
  const bank = createSeriesBank(3);
  run(bank, 1, 700);
  const bytes = bank.snapshotOf(1);
  const other = createSeriesBank(2);
  other.restoreOf(0, bytes);
  expect(other.score[0]).toBe(bank.score[1]);
  expect(other.snapshotOf(0)).toEqual(bytes);
  expect(run(other, 0, 300, 700)).toEqual(run(bank, 1, 300, 700));
  expect(other.expected[1]).toBeNaN();
});

test('a series that is forgotten begins anew and leaves its neighbours alone', () => {
  const bank = createSeriesBank(2);
  const empty = bank.snapshotOf(0);
  run(bank, 0, 400);
  run(bank, 1, 400);
  const neighbour = bank.snapshotOf(1);
  bank.forget(0);
  expect(bank.snapshotOf(0)).toEqual(empty);
  expect(bank.snapshotOf(1)).toEqual(neighbour);
  const fresh = createSeriesBank(1);
  expect(run(bank, 0, 400)).toEqual(run(fresh, 0, 400));
});

test('a series of damaged bytes is refused and changes nothing', () => {
  const bank = createSeriesBank(2);
  run(bank, 0, 100);
  const bytes = bank.snapshotOf(0);
  const before = bank.snapshot();
  const flips = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) });
  fc.assert(
    fc.property(flips, ({ at, bit }) => {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << bit;
      expect(() => bank.restoreOf(1, damaged)).toThrow(RangeError);
    }),
  );
  for (const length of [0, 15, 16, bytes.length - 1]) expect(() => bank.restoreOf(1, bytes.subarray(0, length))).toThrow(RangeError);
  expect(() => bank.restoreOf(1, before)).toThrow(/2 series/);
  for (const index of [-1, 2, 0.5, Number.NaN]) {
    expect(() => bank.restoreOf(index, bytes)).toThrow(/no series/);
    expect(() => bank.snapshotOf(index)).toThrow(/no series/);
    expect(() => bank.forget(index)).toThrow(/no series/);
  }
  expect(bank.snapshot()).toEqual(before);
});

test('a bank that grows keeps its series and begins the new ones empty', () => {
  const small = createSeriesBank(1);
  const large = createSeriesBank(4);
  run(small, 0, 300);
  run(large, 0, 300);
  small.grow(4);
  expect(small.size).toBe(4);
  expect(small.snapshot()).toEqual(large.snapshot());
  expect(run(small, 3, 200)).toEqual(run(large, 3, 200));
  expect(run(small, 0, 200, 300)).toEqual(run(large, 0, 200, 300));
  for (const size of [3, -1, 4.5, Number.NaN]) expect(() => small.grow(size)).toThrow(/cannot go from 4/);
  small.grow(4);
  expect(small.snapshot()).toEqual(large.snapshot());
});
