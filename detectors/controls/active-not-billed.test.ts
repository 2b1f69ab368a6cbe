import { expect, it } from 'vitest';
import { activeNotBilled } from './active-not-billed.ts';
import { judgeRows } from './evaluation.fixture.ts';

const row = (more: object = {}): object => ({
  system: 'hlr',
  check: '',
  plan: 'flex',
  profile: '',
  subscriptions: '10000',
  base: '10000',
  per_month: 0,
  worth: 0,
  began_at: '2026-11-01 00:00:00.000',
  segments: ['consumer'],
  segment_counts: ['10000'],
  billing_known: 1,
  network_known: 1,
  ...more,
});
const missing = (count: number, more: object = {}): object =>
  row({
    check: 'active_not_billed',
    subscriptions: `${count}`,
    base: `${count}`,
    per_month: count * 15,
    worth: count * 10,
    segments: ['', 'business'],
    segment_counts: ['1', `${count - 1}`],
    ...more,
  });
const of = (rows: object[], check: string, limits = {}) =>
  judgeRows(activeNotBilled, rows, { limits }).find(({ cell }) => cell['check'] === check)!;

it('is ok where the sets agree', () => {
  expect(judgeRows(activeNotBilled, [row()]).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
});

it('finds 20 of 10,020 active and not billed: 15 a month each, twenty days', () => {
  expect(of([row(), missing(20)], 'active_not_billed')).toMatchObject({
    state: 'violation',
    observed: 20,
    money: { amount: '200', low: '190', high: '210', class: 'leakage' },
    customers: { count: 20, segments: { unknown: 1, business: 19 } },
    title: 'hlr: 20 subscriptions active and not billed',
    beganAt: Date.UTC(2026, 10, 1),
  });
});

it('stays silent on a few that cost little, and speaks when they cost much', () => {
  const few = missing(6, { per_month: 90 });
  expect(of([row(), few], 'active_not_billed').state).toBe('ok');
  expect(of([row(), missing(6, { per_month: 100 })], 'active_not_billed').state).toBe('violation');
  expect(of([row(), missing(11, { per_month: 0, worth: 0 })], 'active_not_billed')).toMatchObject({
    state: 'violation',
    note: 'no amount: no recurring charge is known for their plans',
  });
});

it('owes back what is billed and not served, also where no network knows it', () => {
  const billed = missing(30, { check: 'billed_not_active', base: '0' });
  expect(of([row(), billed], 'billed_not_active')).toMatchObject({ state: 'violation', money: { class: 'over_charge' } });
  const unknown = judgeRows(activeNotBilled, [row(), { ...billed, system: 'any' }]).find(({ cell }) => cell['system'] === 'any');
  expect(unknown).toMatchObject({ state: 'violation', title: 'the network: 30 subscriptions billed and not active' });
});

it('tells plans that differ, each way of its own', () => {
  expect(of([row(), missing(50, { check: 'plan_below' })], 'plan_below').money).toMatchObject({ class: 'leakage' });
  expect(of([row(), missing(50, { check: 'plan_above' })], 'plan_above').money).toMatchObject({ class: 'over_charge' });
});

it('tells service flags that differ, by hand: 12 of 10,012 are more than 0.1 %, 10 of 10,010 are not', () => {
  const flags = { check: 'profile', per_month: 0, worth: 0, profile: '+roaming -prepaid' };
  const found = of([row(), missing(12, flags)], 'profile');
  expect(found).toMatchObject({ state: 'violation', observed: 12, note: 'no amount: what a service flag is worth is in no table' });
  expect(found.summary).toContain('Most differ in +roaming -prepaid (+ in the network alone, - in billing alone).');
  expect(of([row(), missing(10, flags)], 'profile').state).toBe('ok');
});

it('border: exactly one in a thousand is accepted', () => {
  // 10 of 10,000 active ones.
  expect(of([row({ base: '9990' }), missing(10, { per_month: 0, worth: 0 })], 'active_not_billed').state).toBe('ok');
  expect(of([row({ base: '9989' }), missing(11, { per_month: 0, worth: 0 })], 'active_not_billed').state).toBe('violation');
});

it('says what it lacks: a side, or names that both share', () => {
  expect(judgeRows(activeNotBilled, [])).toMatchObject([{ state: 'not_applicable' }]);
  expect(judgeRows(activeNotBilled, [row({ billing_known: 0 })])[0]!.note).toContain('needs subscriptions of a network system');
  expect(of([row(), missing(10_000)], 'active_not_billed')).toMatchObject({ state: 'not_applicable' });
});
