import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandMacros, macroNames } from './macros.ts';

const context = { from: 1_795_255_200_000, to: 1_795_258_800_500, intervalMs: 60_000, filters: [] };
const expand = (sql: string): string => expandMacros(sql, context);
const from = "toDateTime(1795255200, 'UTC')";
const to = "toDateTime(1795258800, 'UTC')";

describe('macros', () => {
  it.each([
    ['$__timeFilter(t)', `(t >= ${from} AND t <= ${to})`],
    ['$__timeFilter{t}', `(t >= ${from} AND t <= ${to})`],
    [
      '$__timeFilter_ms(t)',
      "(t >= fromUnixTimestamp64Milli(1795255200000, 'UTC') AND t <= fromUnixTimestamp64Milli(1795258800500, 'UTC'))",
    ],
    ['$__dateFilter(d)', "(d >= toDate('2026-11-21') AND d <= toDate('2026-11-21'))"],
    ['$__dt(d, t)', `((d >= toDate('2026-11-21') AND d <= toDate('2026-11-21')) AND (t >= ${from} AND t <= ${to}))`],
    ['$__timeFrom(t)', `(t >= ${from})`],
    ['$__timeTo(t)', `(t <= ${to})`],
    ['$__fromTime', from],
    ['$__toTime', to],
    ['$__fromTime_ms', "fromUnixTimestamp64Milli(1795255200000, 'UTC')"],
    ['$__timeInterval(t)', 'toStartOfInterval(toDateTime(t), INTERVAL 60 second)'],
    ['$__timeInterval_ms(t)', 'toStartOfInterval(toDateTime64(t, 3), INTERVAL 60000 millisecond)'],
    ['$__timeGroup(t, 5m)', 'toStartOfInterval(toDateTime(t), INTERVAL 300 second)'],
    ['$__interval_s', '60'],
    ["$__adhocFilters('usage')", '1'],
  ])('%s', (macro, result) => {
    expect(expand(`SELECT 1 WHERE ${macro} `)).toBe(`SELECT 1 WHERE ${result} `);
  });

  it('nest', () => {
    expect(expand('$__timeGroup(if($__timeFrom(a), a, b), 1h)')).toBe(
      `toStartOfInterval(toDateTime(if((a >= ${from}), a, b)), INTERVAL 3600 second)`,
    );
  });

  it.each(["'$__timeFilter(t)'", '"$__x"', '`$__x`', '-- $__x\n', '/* $__x */', "'it\\'s $__x'", '/* $__x'])(
    'are left alone in %j',
    (sql) => {
      expect(expand(sql)).toBe(sql);
    },
  );

  it.each([
    ['$__nothing(a)', 'There is no macro $__nothing'],
    ['$__constructor()', 'There is no macro'],
    ['$__timeFilter()', 'takes 1 arguments, not 0'],
    ['$__timeFilter(a, b)', 'takes 1 arguments, not 2'],
    ['$__timeFilter(a', 'is not closed'],
    ['$__timeGroup(t, soon)', 'not a length of time'],
    [`${'$__timeFilter('.repeat(9)}a${')'.repeat(9)}`, 'nested deeper'],
  ])('%s is refused', (sql, message) => {
    expect(() => expand(sql)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }));
  });

  it('write filters so that nothing comes out of its quotes', () => {
    const quoted = /^\((?:(?:NOT )?(?:match\()?toString\(`(?:[^`\\]|\\.)*`\)(?:\)| IN \('(?:[^'\\]|\\.)*'\)))\)$/s;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (key, value) => {
        const sql = expandMacros('$__adhocFilters(x)', { ...context, filters: [{ key, operator: '=', values: [value] }] });
        expect(sql).toMatch(quoted);
      }),
    );
    const filters = [
      { key: 'partner', operator: '=|', values: ['a', "b'c"] },
      { key: 'cell', operator: '!~', values: ['^x'] },
    ];
    expect(expandMacros('$__adhocFilters', { ...context, filters })).toBe(
      "(toString(`partner`) IN ('a', 'b\\'c') AND NOT match(toString(`cell`), '^x'))",
    );
  });

  it('never fail otherwise than by a refusal, and never grow without end', () => {
    const piece = fc.oneof(
      fc.constantFrom(...macroNames, '(', ')', '{', '}', ',', "'", '"', '`', '--', '/*', '*/', '\\', '\n', ' '),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          expect(expand(pieces.join('')).length).toBeLessThan(500_000);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
