import { describe, expect, it } from 'vitest';
import { columnsOf, instantOf, seriesOf } from './answer.ts';

const answer = (columns: readonly (readonly [string, string])[], rows: readonly (readonly unknown[])[]) => ({
  columns: columns.map(([name, type]) => ({ name, type })),
  rows,
});

describe('answers of ClickHouse', () => {
  it('become fields of the right types', () => {
    const columns = columnsOf(
      answer(
        [
          ['t', "DateTime('UTC')"],
          ['d', 'Date'],
          ['n', 'UInt64'],
          ['big', 'UInt64'],
          ['money', 'Nullable(Decimal(18, 6))'],
          ['ok', 'Bool'],
          ['name', 'LowCardinality(Nullable(String))'],
          ['map', 'Map(String, String)'],
        ],
        [['2026-11-21 10:00:00', '2026-11-21', '12', '18446744073709551615', '1.500000', true, null, { a: 'b' }]],
      ),
      'UTC',
    );
    expect(columns.map(({ name, type, values }) => [name, type, values[0]])).toEqual([
      ['t', 'time', 1_795_255_200_000],
      ['d', 'time', 1_795_219_200_000],
      ['n', 'number', 12],
      ['big', 'string', '18446744073709551615'],
      ['money', 'number', 1.5],
      ['ok', 'boolean', true],
      ['name', 'string', null],
      ['map', 'string', '{"a":"b"}'],
    ]);
  });

  it('read times in the zone that they state, over changes of the clocks', () => {
    expect(instantOf('2026-03-29 01:59:59', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 0, 59, 59));
    expect(instantOf('2026-03-29 03:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1));
    expect(instantOf('2026-07-01 00:00:00', 'America/New_York')).toBe(Date.UTC(2026, 6, 1, 4));
    expect(instantOf('nonsense', 'UTC')).toBeNull();
  });

  it('become a series for each set of labels, in order of time', () => {
    const columns = columnsOf(
      answer(
        [
          ['time', "DateTime('UTC')"],
          ['leg', 'String'],
          ['n', 'UInt32'],
        ],
        [
          ['2026-11-21 10:01:00', 'switch', 2],
          ['2026-11-21 10:00:00', 'switch', 1],
          ['2026-11-21 10:00:00', 'ocs', 3],
        ],
      ),
      'UTC',
    );
    const frames = seriesOf(columns, 'SELECT');
    expect(frames.map(({ schema, data }) => [schema.fields[1]?.labels, schema.fields[1]?.config, data.values[1]])).toEqual([
      [{ leg: 'switch' }, { displayNameFromDS: 'switch' }, [1, 2]],
      [{ leg: 'ocs' }, { displayNameFromDS: 'ocs' }, [3]],
    ]);
  });

  it('without a time are no series', () => {
    expect(() => seriesOf(columnsOf(answer([['n', 'UInt32']], [[1]]), 'UTC'), '')).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
