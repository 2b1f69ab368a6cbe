import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';
import { suspense, suspenseAge } from './suspense.ts';

const hour = 3_600_000;

/** A source whose day is 24 files of 100 records, of which the latest had so many rejected. */
const row = (latest: number, more: object = {}): object => ({
  source: 'aaa',
  reason: 'bad_time',
  recent_rejected: `${latest}`,
  usual_rejected: '10',
  recent_read: '2400',
  usual_read: '10000',
  unit_files: latest > 0 ? ['a_24.csv'] : [],
  unit_read: latest > 0 ? ['100'] : [],
  unit_rejected: latest > 0 ? [`${latest}`] : [],
  unit_from: latest > 0 ? [`${instantOfTests - 2 * hour}`] : [],
  unit_to: latest > 0 ? [`${instantOfTests - hour}`] : [],
  ...more,
});

const judge = (latest: number, more: object = {}) => judgeRows(suspense, [row(latest, more)])[0]!;

it('finds 40 % of one file rejected at once, however much came with it, since the file before', () => {
  const found = judge(40);
  expect(found).toMatchObject({
    state: 'violation',
    observed: 40,
    statistic: 0.4,
    beganAt: instantOfTests - 2 * hour,
    title: 'aaa: 40 % of records rejected (bad_time)',
    valued: { records: 40, class: 'risk', params: { source: 'aaa' } },
    evidence: { params: { files: ['a_24.csv'] } },
  });
  expect(found.expected).toBeCloseTo(0.1, 10);
});

it('adds up the bad files and leaves out those that a few records spoil', () => {
  const units = {
    unit_files: ['a_1.csv', 'a_2.csv', 'a_3.csv'],
    unit_read: ['100', '100', '100'],
    unit_rejected: ['30', '1', '20'],
    unit_from: [`${instantOfTests - 5 * hour}`, `${instantOfTests - 4 * hour}`, `${instantOfTests - 3 * hour}`],
    unit_to: [`${instantOfTests - 4 * hour}`, `${instantOfTests - 3 * hour}`, `${instantOfTests - 2 * hour}`],
  };
  expect(judge(51, units)).toMatchObject({
    ...{ state: 'violation', observed: 50, statistic: 0.25 },
    window: { from: instantOfTests - 5 * hour, to: instantOfTests - 2 * hour },
  });
});

it('border: six of a hundred are no chance where 0.5 % are accepted, five may be; four of ten are too few to say anything', () => {
  expect(judge(5).state).toBe('ok');
  expect(judge(6).state).toBe('violation');
  expect(judge(4, { unit_read: ['10'] }).state).toBe('ok');
  expect(judge(5, { unit_read: ['10'] }).state).toBe('violation');
});

it('a day that is bad all over is found though no file is', () => {
  const thin = (each: number) => ({
    recent_rejected: `${each * 24}`,
    unit_files: Array.from({ length: 24 }, (_, at) => `a_${at}.csv`),
    unit_read: Array.from({ length: 24 }, () => '100'),
    unit_rejected: Array.from({ length: 24 }, () => `${each}`),
    unit_from: Array.from({ length: 24 }, (_, at) => `${instantOfTests - (25 - at) * hour}`),
    unit_to: Array.from({ length: 24 }, (_, at) => `${instantOfTests - (24 - at) * hour}`),
  });
  expect(judge(0, thin(2))).toMatchObject({ state: 'violation', observed: 48, statistic: 0.02 });
  expect(judge(8).state).toBe('violation');
  expect(judge(0, { ...thin(0), recent_rejected: '8' })).toMatchObject({ state: 'waiting' });
});

it('a source that always rejects 5 % must rise to three times that', () => {
  const usual = { usual_rejected: '500' };
  expect(judge(14, usual).state).toBe('ok');
  expect(judge(40, usual).state).toBe('violation');
});

it('missing data: without history the rate alone decides; nothing read decides nothing', () => {
  expect(judge(20, { usual_read: '0', usual_rejected: '0' }).state).toBe('violation');
  expect(judge(0, { recent_read: '0' }).state).toBe('waiting');
});

it('age: half of a stock older than two days', () => {
  const old = (days: number, stock = '30') =>
    judgeRows(suspenseAge, [{ source: 'aaa', reason: 'bad_time', stock, median_seconds: days * 86_400, oldest: writeInstant(0) }])[0]!
      .state;
  expect(old(2)).toBe('ok');
  expect(old(2.01)).toBe('violation');
  expect(old(9, '29')).toBe('ok');
});

it('what stored something and rejected nothing is well; without any source there is nothing to judge', () => {
  expect(judgeRows(suspense, [row(0)], { sources: ['aaa', 'pgw'] })).toMatchObject([
    { state: 'ok', cell: { source: 'aaa' } },
    { state: 'ok', cell: { source: 'pgw', reason: '' } },
  ]);
  expect(judgeRows(suspense, [])).toMatchObject([{ state: 'not_applicable', note: 'not applicable, needs stored batches' }]);
});
