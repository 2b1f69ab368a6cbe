import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bind, cursorOf, incremental, limited, namesOf, oneStatement } from './query.ts';

const dollar = { placeholder: (n: number) => `$${n}` };
const instant = { kind: 'time', value: 5n } as const;

it('finds names outside of text, quoted names, comments and casts', () => {
  const query = `SELECT a::text, ':no', "x:no", \`y:no\` -- :no
    /* :no */ FROM t WHERE at >= :from AND at < :to AND b > :from`;
  expect(namesOf(query)).toEqual(['from', 'to', 'from']);
  const { sql, parameters } = bind(query, { from: instant, to: { ...instant, value: 6n } }, dollar, 'q');
  expect(sql).toContain('at >= $1 AND at < $2 AND b > $3');
  expect(sql).toContain("':no'");
  expect(parameters.map(({ value }) => value)).toEqual([5n, 6n, 5n]);
  expect(() => bind('SELECT :what', {}, dollar, 'sources.x')).toThrow(/sources.x: the query uses :what/);
});

it('takes one SELECT and nothing else', () => {
  expect(oneStatement("  SELECT ';' ; ", 'q')).toBe("SELECT ';'");
  for (const query of [
    'SELECT 1; DROP TABLE x',
    'DELETE FROM x',
    "SELECT 1 /* */ ; SELECT '2'",
    'EXPLAIN SELECT 1',
    'SELECT 1 -- a\n; SELECT 2',
  ])
    expect(() => oneStatement(query, 'q')).toThrow(/one SELECT/);
});

it('puts the condition around a query that has none, behind its last comment', () => {
  const driver = { quote: (name: string) => `"${name}"`, hasLimit: true };
  expect(incremental('SELECT 1 AS n -- last', driver, 'n', true, 7)).toBe(
    'SELECT * FROM (\nSELECT 1 AS n -- last\n) weir_rows\nWHERE weir_rows."n" >= :cursor\nORDER BY weir_rows."n"\nLIMIT 7',
  );
  expect(incremental('SELECT 1 AS n WHERE 1 > :cursor', driver, 'n', true, 7)).not.toContain('>= :cursor');
  expect(incremental('SELECT 1 AS n', driver, 'n', false, 7)).not.toContain('WHERE');
  expect(incremental('SELECT 1 AS n', { ...driver, hasLimit: false }, 'n', false, 7)).not.toContain('LIMIT');
  expect(limited('SELECT 1 AS n', { hasLimit: false }, 7)).toBe('SELECT 1 AS n');
});

it('compares cursors by what they mean', () => {
  expect(cursorOf('2026-11-01T00:00:00+01:00')).toEqual(cursorOf('2026-10-31 23:00:00Z'));
  expect(cursorOf('2026-11-01 00:00:00.000001+00')?.value).toBe(1_793_491_200_000_001n);
  expect(cursorOf('2026-11-01 00:00:00')).toEqual(cursorOf('2026-11-01T00:00:00Z'));
  expect(cursorOf('2026-11-01')).toEqual(cursorOf('2026-11-01T00:00:00Z'));
  expect(cursorOf('123456789012345678')).toEqual({ kind: 'number', value: 123456789012345678n });
  for (const wrong of ['', 'abc', '1.5', null, undefined, 1.5, '2026-13-01T00:00:00Z', {}]) expect(cursorOf(wrong)).toBeUndefined();
});

it('keeps the order of instants', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') }), fc.nat(999_999), (date, micros) => {
      const text = `${date.toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
      expect(cursorOf(text)?.value).toBe(BigInt(Math.floor(date.getTime() / 1000)) * 1_000_000n + BigInt(micros));
    }),
  );
});
