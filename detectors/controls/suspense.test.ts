import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';
import { suspense, suspenseAge } from './suspense.ts';

const row = (more: object = {}): object => ({
  source: 'aaa',
  reason: 'bad_time',
  recent_rejected: '100',
  usual_rejected: '10',
  recent_read: '1000',
  usual_read: '10000',
  first_at: writeInstant(instantOfTests - 60_000),
  charge: '1250',
  charged_records: '10000',
  ...more,
});

const judge = (more: object) => judgeRows(suspense, [row(more)])[0]!;

it('finds 10 % rejected where 0.1 % are usual, at the mean charge of the source', () => {
  expect(judge({})).toMatchObject({
    state: 'violation',
    observed: 100,
    expected: 1,
    statistic: 0.1,
    money: { amount: '12.5', class: 'risk' },
  });
});

it('is quiet below half the limit, and keeps what stood between half and the whole', () => {
  expect(judge({ recent_rejected: '2' }).state).toBe('ok');
  expect(judge({ recent_rejected: '4' }).state).toBe('waiting');
});

it('border: few records beyond the rate are chance', () => {
  expect(judge({ recent_rejected: '6' }).state).toBe('waiting');
  expect(judge({ recent_rejected: '17' }).state).toBe('violation');
});

it('a source that always rejects 5 % must rise to three times that', () => {
  const usual = { usual_rejected: '500', recent_read: '10000' };
  expect(judge({ ...usual, recent_rejected: '700' }).state).toBe('ok');
  expect(judge({ ...usual, recent_rejected: '1700' }).state).toBe('violation');
});

it('missing data: without history the rate alone decides; without charge there is no amount; nothing read decides nothing', () => {
  expect(judge({ usual_read: '0', usual_rejected: '0' }).state).toBe('violation');
  expect(judge({ charge: '0', charged_records: '0' }).note).toContain('no amount');
  expect(judge({ recent_read: '0', recent_rejected: '0' }).state).toBe('waiting');
});

it('age: half of a stock older than two days', () => {
  const old = (days: number, stock = '30') =>
    judgeRows(suspenseAge, [{ source: 'aaa', reason: 'bad_time', stock, median_seconds: days * 86_400, oldest: writeInstant(0) }])[0]!
      .state;
  expect(old(2)).toBe('ok');
  expect(old(2.01)).toBe('violation');
  expect(old(9, '29')).toBe('ok');
});
