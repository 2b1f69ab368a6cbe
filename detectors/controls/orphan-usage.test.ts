import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { orphanUsage } from './orphan-usage.ts';

const row = (check: string, records: number, subscribers: number, more: object = {}): object => ({
  check,
  service: 'voice',
  records: `${records}`,
  subscribers: `${subscribers}`,
  charge: '0',
  first_at: '2026-11-21 11:07:00.000',
  samples: ['r1'],
  known: '2',
  ...more,
});
const window = { from: Date.UTC(2026, 10, 21, 11), to: Date.UTC(2026, 10, 21, 12) };
const all = [row('', 1000, 400), row('all_earlier', 900, 380)];
const judge = (rows: object[], limits = {}): Record<string, Judgement> =>
  Object.fromEntries(judgeRows(orphanUsage, rows, { window, limits }).map((each) => [each.cell['check'], each]));

it('is ok where everybody is known and active', () => {
  const found = judge(all);
  expect(Object.entries(found).map(([check, { state }]) => [check, state])).toEqual([
    ['ceased', 'ok'],
    ['suspended', 'ok'],
    ['test', 'ok'],
    ['unknown', 'ok'],
  ]);
});

it('finds usage after the end: 12 records of 3, worth 4.50 at most', () => {
  expect(judge([...all, row('ceased', 12, 3, { charge: '4.5' })])['ceased']).toMatchObject({
    state: 'violation',
    observed: 12,
    statistic: 3 / 400,
    money: { amount: '4.5', low: '0', high: '4.5', class: 'leakage' },
    customers: { count: 3 },
    title: 'switch voice: 12 records after the subscription had ceased',
    beganAt: Date.UTC(2026, 10, 21, 11, 7),
  });
});

it('judges who is unknown for the hour a day before, and asks what the records are worth', () => {
  expect(judge([...all, row('unknown', 30, 5)])['unknown']).toMatchObject({
    state: 'violation',
    window: { from: window.from - 86_400_000 },
    valued: { records: 30, perhaps: true },
  });
});

it('judges for a day before on a leg that leaves the first word to the one that charges', () => {
  expect(judge([row('all_earlier', 900, 380), row('ceased', 12, 3)])['ceased']).toMatchObject({
    state: 'violation',
    window: { from: window.from - 86_400_000, to: window.to - 86_400_000 },
  });
});

it('is silent on two records of somebody unknown and speaks of three; what a system has said needs one', () => {
  expect(judge([...all, row('unknown', 2, 1)])['unknown']!.state).toBe('ok');
  expect(judge([...all, row('unknown', 3, 1)])['unknown']!.state).toBe('violation');
  expect(judge([...all, row('test', 1, 1)])['test']!.state).toBe('violation');
  expect(judge([...all, row('test', 1, 1)], { state_records: 2 })['test']!.state).toBe('ok');
});

it('says what it lacks: subscriptions at all, or those that name the same people', () => {
  expect(judge([row('', 1000, 400, { known: '0' })])['']).toMatchObject({ state: 'not_applicable' });
  expect(judge([])['']).toMatchObject({ state: 'not_applicable' });
  expect(judge([...all, row('unknown', 700, 300)])['unknown']).toMatchObject({ state: 'not_applicable' });
});

it('speaks for several hours at once', () => {
  const both = [judge([...all, row('ceased', 12, 3)])['ceased']!, judge([...all, row('ceased', 8, 2)])['ceased']!];
  expect(orphanUsage.entitle!(both)).toBe('switch voice: 20 records after the subscription had ceased');
  expect(orphanUsage.summarise!(both)).toContain('20 records in 2 windows');
});
