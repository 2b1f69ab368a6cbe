import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { lateUsage } from './late-usage.ts';

const row = (more: object = {}): object => ({
  source: 'tap',
  file: 'tap_9.csv',
  at: '2026-11-21 12:00:00.000',
  leg: 'tap_in',
  service: 'voice',
  records: '1000',
  arrivals_before: '20',
  late_after: '7200',
  ages: ['1000', '0', '0', '0', '0'],
  late: '0',
  late_charge: '0',
  aged: '0',
  aged_charge: '0',
  late_from: '1970-01-01 00:00:00.000',
  late_to: '1970-01-01 00:00:00.000',
  customers: '0',
  samples: [],
  ...more,
});
const late = (count: number, more: object = {}): object =>
  row({
    ages: [`${1000 - count}`, `${count}`, '0', '0', '0'],
    late: `${count}`,
    late_charge: `${count / 4}`,
    late_from: '2026-11-18 10:00:00.000',
    late_to: '2026-11-18 12:00:00.000',
    customers: '7',
    samples: ['r'],
    ...more,
  });
const judge = (one: object, sources = ['tap']) => judgeRows(lateUsage, [one], { sources })[0]!;

it('is ok on time, and at one in a hundred', () => {
  expect(judge(row()).state).toBe('ok');
  expect(judge(late(10)).state).toBe('ok');
});

it('finds 40 late of 1,000: at risk are 10.00, perhaps nothing', () => {
  expect(judge(late(40))).toMatchObject({
    state: 'violation',
    observed: 40,
    money: { amount: '10', low: '0', high: '10', class: 'risk' },
    customers: { count: 7 },
    title: 'tap: 40 records came late',
    beganAt: Date.UTC(2026, 10, 18, 10),
  });
  expect(judge(late(40)).summary).toContain('more than 24 h 0 min after the usage ended');
  expect(judge(late(40)).summary).toContain('By age: 960 up to a day, 40 2-7 days.');
});

it('calls what is past the limit for billing lost, however small its share', () => {
  expect(judge(late(6, { aged: '6', aged_charge: '1.5' }))).toMatchObject({
    state: 'violation',
    money: { amount: '1.5', class: 'leakage' },
    title: 'tap: 6 records came late, 6 past the limit for billing',
  });
  expect(judge(late(4, { aged: '4', aged_charge: '1' })).state).toBe('ok');
});

it('asks what the records are worth where the leg charges nothing', () => {
  expect(judge(late(40, { late_charge: '0' }))).toMatchObject({ valued: { records: 40, perhaps: true } });
});

it('does not call a first load late, and says what it lacks', () => {
  expect(judge(late(900, { arrivals_before: '19' }))).toMatchObject({ state: 'not_applicable' });
  expect(judgeRows(lateUsage, [], { sources: ['onts'] })).toMatchObject([
    { state: 'not_applicable', note: 'not applicable, needs usage records' },
  ]);
});

it('speaks for several files at once', () => {
  expect(lateUsage.entitle!([judge(late(40)), judge(late(50))])).toBe('tap: 90 records came late');
  expect(lateUsage.summarise!([judge(late(40)), judge(late(50))])).toContain('90 records in 2 arrivals');
});
