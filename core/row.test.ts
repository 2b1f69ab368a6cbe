import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readInstant, readRows, writeInstant } from './row.ts';

it('reads instants as ClickHouse writes them, and writes them back', () => {
  expect(readInstant('2026-11-21 10:00:00.250')).toBe(1_795_255_200_250);
  expect(readInstant('2026-11-21 10:00:00')).toBe(1_795_255_200_000);
  expect(readInstant('2026-11-21T10:00:00Z')).toBeNaN();
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) => readInstant(writeInstant(instant)) === instant));
});

it('reads every type, also beyond nine whole digits of money', () => {
  const columns = {
    a: 'text',
    b: 'number',
    c: 'maybe_number',
    d: 'money',
    e: 'maybe_money',
    f: 'numbers',
    g: 'texts',
    h: 'instant',
  } as const;
  const raw = { a: 'x', b: '7', c: null, d: '-12345678901.5', e: null, f: ['1', 2], g: ['y'], h: '1970-01-01 00:00:01.000', more: 1 };
  expect(readRows(columns, [raw])).toEqual({
    ok: true,
    rows: [{ a: 'x', b: 7, c: null, d: -12_345_678_901_500_000, e: null, f: [1, 2], g: ['y'], h: 1000 }],
  });
});

it('names the row and the column that do not fit', () => {
  expect(readRows({ n: 'number' }, [{ n: 1 }, { n: 'x' }])).toEqual({ ok: false, error: 'row 2: column n is not a number' });
  expect(readRows({ n: 'number' }, [{}])).toEqual({ ok: false, error: 'row 1: column n is not a number' });
  expect(readRows({ n: 'numbers' }, [{ n: [null] }])).toMatchObject({ ok: false });
  expect(readRows({ n: 'money' }, [{ n: 'NaN' }])).toMatchObject({ ok: false });
});
