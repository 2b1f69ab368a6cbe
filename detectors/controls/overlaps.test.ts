import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { overlaps } from './overlaps.ts';

const row = (overlapping: number, more: object = {}): object => ({
  source: 'msc',
  calls: '1000',
  overlapping: `${overlapping}`,
  calls_day: '900',
  overlapping_day: '9',
  calls_week: '1000',
  overlapping_week: '5',
  charge: '20',
  customers: '60',
  first_at: '2026-11-21 11:05:00.000',
  samples: ['r'],
  ...more,
});
const judge = (one: object, limits = {}) => judgeRows(overlaps, [one], { limits })[0]!;

it('is ok at the usual one in a hundred, and waits a little above', () => {
  expect(judge(row(10))).toMatchObject({ state: 'ok', expected: 10 });
  expect(judge(row(18)).state).toBe('waiting');
});

it('finds 10 % where 1 % is usual: 90 of 100 overlapping calls of 20.00', () => {
  expect(judge(row(100))).toMatchObject({
    state: 'violation',
    observed: 100,
    money: { amount: '18', low: '0', high: '20', class: 'over_charge' },
    customers: { count: 60 },
    title: 'msc: 10 % of calls overlap another of the same subscriber, usual are 1 %',
  });
});

it('asks what they are worth where the leg charges nothing, and says what it lacks', () => {
  expect(judge(row(100, { charge: '0' }))).toMatchObject({ valued: { records: 90, class: 'over_charge', perhaps: true } });
  expect(judge(row(100, { calls_day: '49', calls_week: '0' }))).toMatchObject({ state: 'not_applicable' });
  expect(judgeRows(overlaps, [])).toMatchObject([{ state: 'not_applicable' }]);
});
