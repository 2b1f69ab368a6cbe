import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { cellGroup, referenceData } from './reference-data.ts';

const known = (tables: number): object => ({
  check: '',
  subject: '',
  tariff: '',
  service: '',
  zone: '',
  records: '0',
  charge: '0',
  worth: 0,
  customers: '0',
  began_at: '1970-01-01 00:00:00.000',
  known: tables,
});
const fault = (check: string, subject: string, more: object = {}): object => ({
  ...(known(0) as object),
  check,
  subject,
  service: 'voice',
  records: '200',
  worth: 12,
  customers: '30',
  began_at: '2026-11-20 00:00:00.000',
  ...more,
});
const all = (rows: object[], limits = {}): readonly Judgement[] => judgeRows(referenceData, rows, { limits });
/** By check: the rest of it, where rates are told by themselves. */
const judge = (rows: object[], limits = {}): Record<string, Judgement> =>
  Object.fromEntries(
    all(rows, limits)
      .filter(({ cell }) => cell['service'] === '')
      .map((each) => [each.cell['check'], each]),
  );
const told = (rows: object[], limits = {}): readonly Judgement[] => all(rows, limits).filter(({ state }) => state === 'violation');

it('is ok where nothing contradicts', () => {
  expect(new Set(Object.values(judge([known(7)])).map(({ state }) => state))).toEqual(new Set(['ok']));
});

it('finds two prices that fell to nothing, each with what the usage of the day cost before', () => {
  const flex = { tariff: 'flex-4', zone: 'world' };
  const smart = { tariff: 'smart-6', zone: 'world', worth: 3 };
  const found = told([known(7), fault('zero_price', 'flex 4 world', flex), fault('zero_price', 'smart 6 world', smart)]);
  expect(found).toMatchObject([
    {
      cell: { check: 'zero_price', tariff: 'flex-4', service: 'voice', zone: 'world', cells: '' },
      observed: 1,
      money: { amount: '12', low: '0', high: '12', class: 'leakage' },
      customers: { count: 30 },
      title: 'voice flex 4 world: price fell to nothing',
      beganAt: Date.UTC(2026, 10, 20),
    },
    { cell: { tariff: 'smart-6' }, money: { amount: '3' } },
  ]);
  expect(found[0]!.summary).toContain('voice flex 4 world cost something before');
});

it('tells twenty rates by themselves and the others together', () => {
  const many = Array.from({ length: 23 }, (_, at) => fault('zero_price', `flex ${at}`, { tariff: `flex-${at}`, worth: 30 - at }));
  const found = told([known(7), ...many]);
  expect(found).toHaveLength(21);
  // 10 + 9 + 8
  expect(found[20]).toMatchObject({
    cell: { tariff: '', service: '' },
    observed: 3,
    money: { amount: '27' },
    title: '3 prices fell to nothing',
  });
});

it('tells the cells of each base station by themselves: two stations of three cells, by the number / 256', () => {
  // 70,656 = 276 x 256 is the first number of station 276; 70,912 that of the next; a name without a number stands for itself.
  expect(['99971-101-70656', '99971-101-70911', '99971-101-70912', '99971-102-70911', 'roof', '7'].map(cellGroup)).toEqual([
    '99971-101-70656 to 70911',
    '99971-101-70656 to 70911',
    '99971-101-70912 to 71167',
    '99971-102-70656 to 70911',
    'roof',
    '0 to 255',
  ]);
  const cell = (name: string, worth: number, service = 'voice') => fault('unknown_cell', name, { worth, service, customers: '2' });
  const first = [cell('a-257', 3), cell('a-257', 1, 'data'), cell('a-258', 2), cell('a-300', 1)];
  const second = [cell('a-513', 10), cell('a-514', 9)];
  const found = told([known(7), ...first, ...second]);
  expect(found).toMatchObject([
    { cell: { check: 'unknown_cell', service: '', cells: 'a-512 to 767' }, observed: 2, money: { amount: '19', class: 'risk' } },
    { cell: { cells: 'a-256 to 511' }, observed: 3, money: { amount: '7' }, title: '3 cells that the cell table does not know' },
  ]);
  expect(found[1]!.summary).toContain('a-257; a-258; a-300 have usage');
  expect(found[0]!.title).toBe('2 cells that the cell table does not know');
});

it('leaves what touches no usage, but tells of two prices or zones at once', () => {
  const none = { records: '0', worth: 0, customers: '0' };
  expect(told([known(7), fault('zero_price', 'old', none)])).toEqual([]);
  expect(told([known(7), fault('ambiguous_rate', 'flex 3 world', none)])).toMatchObject([{ cell: { check: 'ambiguous_rate' } }]);
  expect(judge([known(7), fault('ambiguous_prefix', '+44 europe / world', none)])['ambiguous_prefix']!.title).toBe(
    '1 prefix with two zones at once',
  );
});

it('asks what usage in an unrated zone or unknown cell is worth', () => {
  const found = told([known(7), fault('unrated_zone', 'mars', { worth: 0 }), fault('unknown_cell', '99971-1-1', { worth: 0 })]);
  expect(found).toMatchObject([
    { cell: { check: 'unrated_zone', service: 'voice' }, valued: { records: 200, class: 'leakage', perhaps: true } },
    { cell: { check: 'unknown_cell', service: '' }, valued: { class: 'risk' } },
  ]);
});

it('accepts as many as the limit says, and says what it lacks', () => {
  expect(judge([known(7), fault('unknown_cell', 'a')], { faults: 1 })['unknown_cell']!.state).toBe('ok');
  const found = judge([known(1)]);
  expect(found['zero_price']!.state).toBe('ok');
  expect(found['unknown_cell']).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs cells' });
  expect(judge([])['zero_price']!.state).toBe('not_applicable');
});
