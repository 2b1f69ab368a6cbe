import { describe, expect, it } from 'vitest';
import { calm, define, type Judgement } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import { findingOf } from './finding-of.ts';

const definition = define({
  identity: 'X01',
  title: 'Test',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'm',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: [], data: '' },
  query: '',
  columns: {},
  lookbackMs: 0,
  limits: [],
  scope: ['source'],
  holdMs: 0,
  store: 'all',
  evaluate: () => [],
  documentation: { meaning: '', formula: '', proof: '', recovery: '' },
});
const day = 86_400_000;
const money = (amount: string, kind: string, more: object = {}): FindingMoney => ({
  amount,
  currency: 'EUR',
  class: kind,
  method: 'sum',
  ...more,
});
const cell = (beganAt: number, of: FindingMoney): Judgement => ({
  ...calm({ source: 'a' }, { from: beganAt, to: beganAt + day }),
  state: 'violation',
  beganAt,
  money: of,
});
const moneyOf = (cells: readonly Judgement[], backBillDays: number) =>
  findingOf(definition, cells, { tenant: 't', instant: 9 * day, backBillDays }, () => '').money;

describe('the money of a finding', () => {
  it('of one class is added up, with its range, and says until when its oldest usage can be billed', () => {
    const cells = [cell(2 * day, money('5', 'leakage', { low: '4', high: '7' })), cell(day, money('2.5', 'leakage'))];
    expect(moneyOf(cells, 10)).toEqual(money('7.5', 'leakage', { low: '6.5', high: '9.5', recoverable_until: '1970-01-12' }));
    expect(moneyOf(cells, 0)).not.toHaveProperty('recoverable_until');
  });

  it('of several classes is the largest, and the others are told beside it, never added', () => {
    const cells = [cell(0, money('3', 'leakage')), cell(0, money('4', 'over_charge')), cell(0, money('2', 'over_charge'))];
    expect(moneyOf(cells, 10)).toEqual(money('6', 'over_charge', { method: 'sum; not added: 3 EUR of leakage' }));
  });

  it('that is owed back or at risk has no such day', () => {
    for (const kind of ['over_charge', 'risk']) expect(moneyOf([cell(0, money('3', kind))], 10)).toEqual(money('3', kind));
  });
});
