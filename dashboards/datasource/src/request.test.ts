import { describe, expect, it } from 'vitest';
import { conditionalAll, filtersOf, requestOf, variableQueryOf } from './request.ts';
import type { WeirQuery } from './types.ts';

const variables: Record<string, string[]> = { $partner: ['alder', "o'neill"], $leg: ['$__all'], $metric: ['answer_ratio'], $none: [''] };
const interpolate = (text: string): string[] => variables[text] ?? [text];
const request = (query: Partial<WeirQuery>): Record<string, unknown> =>
  requestOf({ refId: 'A', type: 'kpi', ...query }, interpolate, (sql) => `written ${sql}`);

describe('a query as Weir takes it', () => {
  it('has its variables written in and leaves filters at "all" out', () => {
    expect(
      request({
        metric: '$metric',
        dimensions: ['plan', '$leg'],
        filters: [
          { key: 'partner', operator: '=|', values: ['$partner', 'third'] },
          { key: 'leg', operator: '=|', values: ['$leg'] },
          { key: '', operator: '=|', values: ['x'] },
          { key: 'cell', operator: '=|', values: ['$none'] },
        ],
      }),
    ).toEqual({
      refId: 'A',
      type: 'kpi',
      metric: 'answer_ratio',
      filters: [{ key: 'partner', operator: '=|', values: ['alder', "o'neill", 'third'] }],
    });
  });

  it('carries only what belongs to its type, nothing of Grafana', () => {
    expect(
      request({
        type: 'incidents',
        view: 'open',
        severities: ['1', '2'],
        metric: 'x',
        sql: 'y',
        hide: false,
        key: 'k',
        datasource: { uid: 'u' },
      }),
    ).toEqual({
      ...{ refId: 'A', type: 'incidents', view: 'open' },
      severities: [1, 2],
    });
    expect(request({ type: 'sql', sql: 'SELECT 1', format: 'series', units: { a: 'currency' } })).toEqual({
      refId: 'A',
      type: 'sql',
      sql: 'written SELECT 1',
      format: 'series',
      units: { a: 'currency' },
    });
  });

  it('keeps filters apart from each other', () => {
    expect(filtersOf(undefined, interpolate)).toEqual([]);
  });
});

describe('$__conditionalAll', () => {
  const isAll = (variable: string): boolean => variable === '$leg';
  it.each([
    ['a WHERE $__conditionalAll(leg IN ($leg), $leg) b', 'a WHERE 1=1 b'],
    ['$__conditionalAll(partner IN (${partner:singlequote}), $partner)', 'partner IN (${partner:singlequote})'],
    ['$__conditionalAll(f(a, b), $leg) AND $__conditionalAll(x, $y)', '1=1 AND x'],
    ['nothing', 'nothing'],
    ['$__conditionalAll(', ''],
  ])('%s', (sql, written) => {
    expect(conditionalAll(sql, isAll)).toBe(written);
  });
});

it.each([
  ['partner', { type: 'values', of: 'partner' }],
  [' values( cell ) ', { type: 'values', of: 'cell' }],
  ['SELECT DISTINCT plan FROM usage_hour', { type: 'sql', sql: 'SELECT DISTINCT plan FROM usage_hour', format: 'table' }],
])('the text %j of a variable is understood', (text, query) => {
  expect(variableQueryOf(text)).toEqual(query);
});
