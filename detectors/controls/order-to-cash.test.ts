import { describe, expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { orderToCash } from './order-to-cash.ts';

/** 1,000 orders in four weeks before, of which 30 never got on: 3 %. Usual is an hour, so the patience is two. */
const row = {
  reached: 'activated',
  awaited: 'provisioned',
  orders: '1200',
  finished: '1100',
  usual_seconds: '3600',
  patience_seconds: '7200',
  due: '100',
  stuck: '0',
  due_before: '1000',
  stuck_before: '30',
  waiting: '30',
  per_month: '450',
  worth: '0',
  began_at: '2026-11-20 10:00:00.000',
  segments: ['consumer', ''],
  segment_counts: ['25', '5'],
  errors: [],
  failed: '0',
};

const judge = (more: object, limits: Record<string, number> = {}) => judgeRows(orderToCash, [{ ...row, ...more }], { limits })[0]!;

describe('N04 order to cash', () => {
  it('finds more stuck orders than usual, by hand: 20 of 100 where 3 + 2 % are accepted', () => {
    const found = judge({ stuck: '20', waiting: '50', worth: '12.5', errors: ['provisioned: HLR timeout'], failed: '18' });
    expect(found).toMatchObject({ state: 'violation', observed: 20, expected: 3, upper: 5, statistic: 0.2 });
    expect(found.money).toMatchObject({ amount: '12.5', class: 'risk', low: '0' });
    expect(found.customers).toEqual({ count: 50, segments: { consumer: 25, unknown: 5 } });
    expect(found.p).toBeLessThan(1e-6);
    expect(found.title).toBe('20 orders stuck after activated, without provisioned');
    expect(found.summary).toBe(
      '20 orders of 100 that were activated did not get to provisioned within 2 h 0 min (20 %; usual are 3 %, and 95 of 100 take at most 60 min). 50 orders wait in all. 18 orders with a failed step: provisioned: HLR timeout. Since 2026-11-20 10:00 UTC.',
    );
  });

  it('border: the share that is accepted is no finding, nor one order beyond it', () => {
    // 5 of 100 are the 5 % that are accepted; 6 of 100 at 5 % come about in 38 of 100 cases.
    expect(judge({ stuck: '5' }).state).toBe('ok');
    expect(judge({ stuck: '6' })).toMatchObject({ state: 'ok', upper: 5 });
    // Two stuck orders are never told, three of three are: 0.05 ^ 3 = 0.000125 is just above 1e-4, 0.05 ^ 4 is not.
    expect(judge({ due: '2', stuck: '2' }).state).toBe('ok');
    expect(judge({ due: '3', stuck: '3' }).state).toBe('ok');
    expect(judge({ due: '4', stuck: '4' }).state).toBe('violation');
  });

  it('what was always so is told from a tenth on', () => {
    // 20 % before: 10 % are accepted at most, and 20 of 100 at 10 % have a tail of 0.002; 40 of 200 one of 2e-5.
    expect(judge({ stuck: '20', stuck_before: '200' }).state).toBe('ok');
    expect(judge({ due: '200', stuck: '40', stuck_before: '200' }).state).toBe('violation');
    expect(judge({ due: '200', stuck: '40', stuck_before: '200' }, { share: 0.3 }).state).toBe('ok');
  });

  it('used and never charged is leakage; the first usage is up to the customer', () => {
    expect(judge({ reached: 'first_usage', awaited: 'first_charge', stuck: '20', worth: '3' }).money?.class).toBe('leakage');
    expect(judge({ reached: 'provisioned', awaited: 'first_usage', stuck: '90' })).toMatchObject({ state: 'ok' });
  });

  it('says which data it lacks', () => {
    expect(judgeRows(orderToCash, [])[0]).toMatchObject({ state: 'not_applicable' });
    expect(judge({ finished: '19', stuck: '20' })).toMatchObject({
      state: 'not_applicable',
      note: 'not applicable, needs 20 orders that went from activated to provisioned, has 19',
    });
    expect(judge({ stuck: '20' }).note).toBe('no amount: no recurring charge is known for their plans');
  });
});
