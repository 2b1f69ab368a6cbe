import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { referenceData } from './reference-data.ts';

const known = (tables: number): object => ({
  check: '',
  subject: '',
  service: '',
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
const judge = (rows: object[], limits = {}): Record<string, Judgement> =>
  Object.fromEntries(judgeRows(referenceData, rows, { limits }).map((each) => [each.cell['check'], each]));

it('is ok where nothing contradicts', () => {
  expect(new Set(Object.values(judge([known(7)])).map(({ state }) => state))).toEqual(new Set(['ok']));
});

it('finds two prices that fell to nothing, with what the usage of the day cost before', () => {
  const found = judge([known(7), fault('zero_price', 'flex 4 world'), fault('zero_price', 'smart 6 world', { worth: 3 })])['zero_price'];
  expect(found).toMatchObject({
    state: 'violation',
    observed: 2,
    money: { amount: '15', low: '0', high: '15', class: 'leakage' },
    customers: { count: 60 },
    title: '2 prices fell to nothing',
    beganAt: Date.UTC(2026, 10, 20),
  });
  expect(found!.summary).toContain('voice flex 4 world; voice smart 6 world cost something before');
});

it('leaves what touches no usage, but tells of two prices or zones at once', () => {
  const none = { records: '0', worth: 0, customers: '0' };
  expect(judge([known(7), fault('zero_price', 'old', none)])['zero_price']!.state).toBe('ok');
  expect(judge([known(7), fault('ambiguous_rate', 'flex 3 world', none)])['ambiguous_rate']).toMatchObject({ state: 'violation' });
  expect(judge([known(7), fault('ambiguous_prefix', '+44 europe / world', none)])['ambiguous_prefix']!.title).toBe(
    '1 prefix with two zones at once',
  );
});

it('asks what usage in an unrated zone or unknown cell is worth', () => {
  const found = judge([known(7), fault('unrated_zone', 'mars', { worth: 0 }), fault('unknown_cell', '99971-1-1', { worth: 0 })]);
  expect(found['unrated_zone']).toMatchObject({ state: 'violation', valued: { records: 200, class: 'leakage', perhaps: true } });
  expect(found['unknown_cell']).toMatchObject({ state: 'violation', valued: { class: 'risk' } });
});

it('accepts as many as the limit says, and says what it lacks', () => {
  expect(judge([known(7), fault('unknown_cell', 'a')], { faults: 1 })['unknown_cell']!.state).toBe('ok');
  const found = judge([known(1)]);
  expect(found['zero_price']!.state).toBe('ok');
  expect(found['unknown_cell']).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs cells' });
  expect(judge([])['zero_price']!.state).toBe('not_applicable');
});
