import { describe, expect, it } from 'vitest';
import type { ControlSettings } from '../../core/settings/control.ts';
import { judgeRows } from '../controls/evaluation.fixture.ts';
import { ownProblems, sqlProblem } from './check.ts';
import { ownControl, ownControls } from './definition.ts';

const base: ControlSettings = { enabled: true, limits: {}, sql: 'SELECT 1', dimensions: ['zone'], legs: ['a', 'b'] };
const row = (zone: string, observed: number, expected: number, money: string | null = null, more: object = {}) => ({
  zone,
  observed,
  expected,
  money,
  money_low: null,
  money_high: null,
  customers: null,
  samples: [],
  window_from: '1970-01-01 00:00:00.000',
  window_to: '1970-01-01 00:00:00.000',
  ...more,
});

describe('a row of a control of one’s own', () => {
  it('is a violation beyond both limits and the money gate, by hand', () => {
    const control = ownControl('mine', base);
    const limits = { share: 0.1, difference: 5, money: 2 };
    const rows = [
      row('both', 94, 100, '3'),
      row('exactly the share', 90, 100, '3'),
      row('beyond', 89, 100, '3'),
      row('too few', 4, 8, '3'),
      row('too cheap', 50, 100, '1.99'),
      row('no amount', 50, 100),
      row('nothing expected', 6, 0, '2'),
      row('equal but for floats', 0.1 + 0.2, 0.3, '9'),
    ];
    const judged = judgeRows(control, rows, { limits });
    expect(judged.filter(({ state }) => state === 'violation').map(({ cell }) => cell['zone'])).toEqual([
      'beyond',
      'no amount',
      'nothing expected',
    ]);
    expect(judged[5]!.note).toBe('no amount: the query states none');
    expect(judged[2]).toMatchObject({ statistic: 0.11, direction: 'down', observed: 89, expected: 100, lower: 90, upper: 110 });
  });

  it('takes only the side that is asked for, and a negative amount changes sides', () => {
    const down = ownControl('mine', { ...base, direction: 'down' });
    expect(judgeRows(down, [row('a', 5, 1, '9'), row('b', 1, 5, '9')]).map(({ state }) => state)).toEqual(['ok', 'violation']);
    const [lost, owed] = judgeRows(ownControl('mine', base), [
      row('a', 1, 5, '9'),
      row('b', 5, 1, '-7.5', { money_low: '-9', money_high: '-6' }),
    ]);
    expect(lost!.money).toMatchObject({ class: 'leakage', amount: '9', method: 'column money of the query of mine' });
    expect(owed!.money).toMatchObject({ class: 'over_charge', amount: '7.5', low: '6', high: '9' });
  });

  it('is of its own window where it states one, and no rows are well', () => {
    const control = ownControl('mine', { ...base, trigger: 'nightly' });
    const stated = row('a', 1, 2, null, { window_from: '2026-11-20 00:00:00.000', window_to: '2026-11-21 00:00:00.000' });
    expect(judgeRows(control, [stated])[0]).toMatchObject({
      cell: { zone: 'a', window: '2026-11-20T00:00:00.000Z' },
      window: { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 21) },
    });
    expect(judgeRows(control, [])).toMatchObject([{ state: 'ok', summary: 'The query gave no rows.' }]);
  });

  it('has evidence that shows its place alone', () => {
    const [judged] = judgeRows(ownControl('mine', base), [row("it's", 1, 2)]);
    expect(judged!.evidence).toMatchObject({
      sql: 'SELECT *\nFROM\n(\nSELECT 1\n)\nWHERE toString(`zone`) = {cell_zone:String}',
      params: { cell_zone: "it's", tenant: 'main' },
    });
  });
});

describe('the settings of controls of one’s own', () => {
  it('are refused with the place and a hint', () => {
    const controls: Record<string, ControlSettings> = {
      S01: { enabled: true, limits: {}, sql: 'SELECT 1' },
      S02: { enabled: true, limits: {}, title: 'x' },
      nothing: { enabled: true, limits: {}, owner: 'ann' },
      mine: {
        enabled: true,
        limits: { shar: 1, share: -1 },
        sql: 'SELECT {frm:String}',
        dimensions: ['money'],
        trigger: 'window-close',
      },
      Mine: { enabled: true, limits: {}, sql: 'SELECT 1' },
    };
    expect(ownProblems(controls, ['S01', 'S02']).map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'S01: is the name of a control that ships',
      'S01: is not a name',
      'S02.title: cannot be set for a control that ships',
      'nothing.owner: needs sql or sqlFile beside it',
      'mine.sql: uses the parameter {frm:String} that does not exist',
      'mine.dimensions: money is a figure, not a dimension',
      'mine.trigger: window-close needs legs',
      'mine.limits.shar: no such limit',
      'mine.limits.share: -1 is outside 0 to 1000000',
      'Mine: is not a name',
    ]);
    expect(ownControls(controls).map(({ identity }) => identity)).toEqual(['S01', 'mine', 'Mine']);
  });

  it('take one SELECT', () => {
    for (const good of [
      'SELECT 1',
      ' with a AS (SELECT 1) SELECT * FROM a;',
      '-- why\nSELECT 1',
      "SELECT ';', {from:DateTime64(3, 'UTC')}",
      '(SELECT 1)',
    ])
      expect(sqlProblem(good), good).toBeUndefined();
    for (const bad of [
      '',
      'INSERT INTO x SELECT 1',
      'SELECT 1; DROP TABLE usage',
      'EXPLAIN SELECT 1',
      '/* SELECT */ SHOW TABLES',
      'SELECT 1) UNION ALL (SELECT 2',
      'SELECT (1',
      'SELECT 1 settings max_threads = 9',
      'SELECT 1 FORMAT CSV',
    ])
      expect(sqlProblem(bad), bad).toBeDefined();
  });
});
