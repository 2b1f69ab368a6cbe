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

it('border: a rise of one in a hundred above the usual is accepted, however sure it is', () => {
  // 10 % usual, 11 % accepted: of 100,000 calls 11,000 are; 11,001 are beyond it, but may be chance; 12,000 may not.
  const many = (overlapping: number) => row(overlapping, { calls: '100000', calls_day: '1000', overlapping_day: '100' });
  expect(judge(many(10_500)).state).toBe('ok');
  expect(judge(many(11_000))).toMatchObject({ state: 'waiting', upper: 11_000 });
  expect(judge(many(11_001)).state).toBe('waiting');
  expect(judge(many(12_000)).state).toBe('violation');
});

it('border: 50 calls of an earlier day make its share known, 49 do not', () => {
  expect(judge(row(100, { calls_day: '50', overlapping_day: '0', calls_week: '0' })).state).toBe('violation');
  expect(judge(row(100, { calls_day: '49', overlapping_day: '0', calls_week: '49' })).state).toBe('not_applicable');
});
