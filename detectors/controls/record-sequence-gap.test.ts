import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { writeInstant } from '../../core/row.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { gapsOf, recordSequenceGap } from './record-sequence-gap.ts';

const to = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
/** File `at` of a node: a quarter of an hour each, the last ends at 11:59. */
const file = (at: number, lowest: number, highest: number, more: object = {}): object => ({
  source: 'msc',
  node: 'msc-1',
  service: 'voice',
  unit: `f${at}`,
  lowest: `${lowest}`,
  highest: `${highest}`,
  numbers: `${highest - lowest + 1}`,
  began_at: writeInstant(to - (5 - at) * 15 * minute),
  ended_at: writeInstant(to - (4 - at) * 15 * minute - minute),
  whole: 1,
  lacking: '0',
  file_sequence: `${at}`,
  ...more,
});
const window = { from: to - 60 * minute, to };
const judge = (rows: object[], limits = {}): readonly Judgement[] => judgeRows(recordSequenceGap, rows, { window, limits });
const last = (rows: object[], limits = {}) => judge(rows, limits).at(-1)!;
const row = (at: number, lowest: number, highest: number, more: object = {}) => {
  const { began_at, ended_at, ...rest } = file(at, lowest, highest) as Record<string, string | number>;
  const numbers = Object.fromEntries(
    ['lowest', 'highest', 'numbers', 'lacking', 'file_sequence'].map((name) => [name, Number(rest[name])]),
  );
  return { ...rest, ...numbers, began_at: Date.parse(`${began_at}Z`), ended_at: Date.parse(`${ended_at}Z`), ...more } as never;
};

const whole = [file(1, 1, 1000), file(2, 1001, 2000), file(3, 2001, 3000), file(4, 3001, 4000)];

it('is ok where every number came, hour by hour', () => {
  expect(judge(whole).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  expect(last(whole)).toMatchObject({ observed: 4000, expected: 4000 });
});

it('finds one number missing inside a file, and where', () => {
  expect(last([...whole.slice(0, 3), file(4, 3001, 4001, { numbers: '1000' })])).toMatchObject({
    state: 'violation',
    observed: 4000,
    expected: 4001,
    valued: { records: 1, class: 'leakage', params: { source: 'msc', file: 'f4' } },
    title: 'msc-1: 1 record missing by their numbers',
    evidence: { params: { lowest: 3001, highest: 4001 } },
  });
});

it('finds 50 missing between two files that follow each other', () => {
  expect(last([...whole.slice(0, 3), file(4, 3051, 4000)])).toMatchObject({ state: 'violation', observed: 3950, expected: 4000 });
});

it('stays within its limits: one of 20,000 is not told, a run of 101 is', () => {
  const many = [file(3, 1, 20_000), file(4, 20_002, 40_000)];
  expect(last(many).state).toBe('ok');
  const run = [file(3, 1, 2_000_000), file(4, 2_000_102, 4_000_000)];
  expect(last(run).state).toBe('violation');
});

it('leaves to others what they tell: a missing file, rejected records, a file that holds less than it declares', () => {
  expect(last([file(1, 1, 1000), file(2, 1001, 2000), file(4, 3001, 4000)]).state).toBe('ok');
  expect(last([file(3, 1, 1000, { numbers: '990', lacking: '10' }), file(4, 1001, 2000)]).state).toBe('ok');
  expect(last([file(3, 1, 990, { lacking: '10' }), file(4, 1001, 2000)]).state).toBe('ok');
  expect(last([file(3, 1, 989, { lacking: '10' }), file(4, 1001, 2000)])).toMatchObject({ state: 'violation', valued: { records: 1 } });
});

it('takes a counter that begins anew, and a jump, for no loss', () => {
  expect(last([file(3, 900_001, 901_000), file(4, 1, 1000)]).state).toBe('ok');
  expect(last([file(3, 1, 1000), file(4, 500_000, 501_000)]).state).toBe('ok');
});

it('closes the gap when the file comes late, in whatever order', () => {
  const late = [file(1, 1, 1000), file(2, 1001, 2000), file(4, 3001, 4000, { file_sequence: '-1' })];
  expect(last(late).state).toBe('violation');
  expect(last([...late, file(3, 2001, 3000)]).state).toBe('ok');
});

it('leaves what lies below a file that was read in part, and between it and the next one, as another window said it', () => {
  expect(last([file(2, 1, 3000, { numbers: '5', whole: 0 }), file(3, 2500, 4000), file(4, 4001, 5000)]).state).toBe('waiting');
  // Ten numbers lack in the second file: told while it is read as a whole, and not taken back by the next window, which reads a part of it.
  const lacking = (whole: number) => [file(1, 1, 1000, { whole }), file(2, 1001, 2010, { numbers: '1000', whole }), file(3, 2011, 3000)];
  expect(last(lacking(1))).toMatchObject({ state: 'violation', observed: 2990, expected: 3000 });
  expect(last(lacking(0))).toMatchObject({ state: 'waiting', note: 'a file that began before what was read' });
  // The part ended at 10:14, the next file at 10:29: from 11:00 on all is known.
  const rest = [1, 2, 3, 4].map((at) => file(at, 1001 + 1000 * at, 2000 + 1000 * at));
  const hours = judge([file(-3, 1, 1000, { whole: 0 }), file(-2, 1001, 2000), ...rest]).map(({ state }) => state);
  expect(hours).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'waiting', 'ok']);
});

it('says what it lacks', () => {
  expect(judge([])).toMatchObject([
    { state: 'not_applicable', note: 'not applicable, needs records that carry a sequence number of their node' },
  ]);
});

it('speaks for several hours at once', () => {
  const found = last([...whole.slice(0, 3), file(4, 3051, 4000)]);
  expect(recordSequenceGap.entitle!([found, found])).toBe('msc-1: 100 records missing by their numbers');
  expect(recordSequenceGap.summarise!([found, found])).toContain('100 numbers missing in 2 hours');
});

it('finds all planted gaps and only those, however the files are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 20 }),
      (parts) => {
        let next = 1;
        const rows = parts.map(([length, skipped], at) => {
          const lowest = next + (at === 0 ? 0 : skipped);
          next = lowest + length;
          return row(at, lowest, next - 1);
        });
        const planted = parts.slice(1).reduce((sum, [, skipped]) => sum + skipped, 0);
        expect(gapsOf(rows, 1e6).reduce((sum, { missing }) => sum + missing, 0)).toBe(planted);
      },
    ),
  );
});
