import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { ratedNotInvoiced } from './rated-not-invoiced.ts';

const row = (more: object = {}): object => ({
  check: 'service',
  starts: '2026-10-01 00:00:00.000',
  ends: '2026-11-01 00:00:00.000',
  service: 'voice',
  leg: 'rating',
  rated: '10000',
  billed: '10000',
  alone: 1,
  missing: '0',
  accounts: '2000',
  covered: 1,
  mean_total: 25,
  ...more,
});
const accounts = (missing: number, more: object = {}): object => row({ check: 'account', service: '', missing: `${missing}`, ...more });
const judge = (one: object, limits = {}) => judgeRows(ratedNotInvoiced, [one], { limits })[0]!;

it('is ok where rated and invoiced agree, to half a percent', () => {
  expect(judge(row()).state).toBe('ok');
  expect(judge(row({ billed: '9950' })).state).toBe('ok');
});

it('finds 200 of 10,000 that were rated and not invoiced', () => {
  expect(judge(row({ billed: '9800' }))).toMatchObject({
    state: 'violation',
    observed: 9800,
    expected: 10_000,
    money: { amount: '200', low: '150', high: '200', class: 'leakage' },
    title: 'voice: 200 EUR rated and not invoiced for 2026-10-01 to 2026-11-01',
  });
});

it('finds what was invoiced and never rated, and leaves small amounts alone', () => {
  expect(judge(row({ billed: '10100' })).money).toMatchObject({ amount: '100', class: 'over_charge' });
  expect(judge(row({ rated: '100', billed: '91' })).state).toBe('ok');
  expect(judge(row({ rated: '100', billed: '90' })).state).toBe('violation');
});

it('finds accounts without an invoice at the mean amount of one', () => {
  expect(judge(accounts(10))).toMatchObject({
    state: 'violation',
    money: { amount: '250', low: '125', high: '500', class: 'leakage' },
    customers: { count: 10 },
    title: '10 accounts without an invoice for 2026-10-01 to 2026-11-01',
  });
  expect(judge(accounts(2)).state).toBe('ok');
});

it('says what it lacks: invoices, usage of the whole period, one period for all, accounts named alike', () => {
  expect(judgeRows(ratedNotInvoiced, [])).toMatchObject([{ state: 'not_applicable' }]);
  expect(judge(row({ covered: 0, billed: '0' })).state).toBe('not_applicable');
  expect(judge(row({ alone: 0.3, billed: '0' })).state).toBe('not_applicable');
  expect(judge(accounts(1500)).state).toBe('not_applicable');
});

it('speaks for both periods', () => {
  const both = [judge(row({ billed: '9800' })), judge(row({ billed: '9700' }))];
  expect(ratedNotInvoiced.summarise!(both)).toContain('9,800');
  expect(ratedNotInvoiced.summarise!(both)).toContain('9,700');
});

it('border: half a percent of the charges and one account in a thousand are accepted', () => {
  // 0.5 % of 10,000 are 50; one in a thousand of 2,000 accounts are two.
  expect(judge(row({ billed: '9949.99' })).state).toBe('violation');
  expect(judge(row({ billed: '10050' })).state).toBe('ok');
  expect(judge(row({ billed: '10050.01' })).state).toBe('violation');
  expect(judge(accounts(3)).state).toBe('violation');
});
