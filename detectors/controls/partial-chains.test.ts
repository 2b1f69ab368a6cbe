import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { partialChains } from './partial-chains.ts';

const row = (more: object = {}): object => ({
  source: 'pgw',
  node: 'pgw-1',
  service: 'data',
  chains: '1000',
  holes: '0',
  holed: '0',
  unclosed: '0',
  unclosed_in_day: '0',
  holed_customers: '0',
  unclosed_customers: '0',
  charge: '400',
  partials: '4000',
  holes_from: '2026-11-21 08:00:00.000',
  holes_to: '2026-11-21 10:30:00.000',
  unclosed_from: '2026-11-21 09:00:00.000',
  unclosed_to: '2026-11-21 09:40:00.000',
  samples: [],
  holes_worth: 0,
  holes_known: 0,
  unclosed_worth: 0,
  unclosed_known: 0,
  ...more,
});
const window = { from: Date.UTC(2026, 10, 21, 11), to: Date.UTC(2026, 10, 21, 12) };
const judge = (one: object, limits = {}) => judgeRows(partialChains, [one], { window, limits }) as [Judgement, Judgement];

it('is ok where every chain is whole and closed', () => {
  expect(judge(row()).map(({ state }) => state)).toEqual(['ok', 'ok']);
});

it('finds 6 partials missing in 4 sessions, at 0.10 each', () => {
  expect(judge(row({ holes: '6', holed: '4', holed_customers: '3' }))[0]).toMatchObject({
    state: 'violation',
    observed: 6,
    money: { amount: '0.6', class: 'leakage' },
    customers: { count: 3 },
    title: 'pgw-1 data: 6 partial records missing in 4 sessions',
    beganAt: Date.UTC(2026, 10, 21, 8),
  });
  expect(judge(row({ holes: '6', holed: '4' }), { holes: 6 })[0].state).toBe('ok');
});

it('values missing time by its own sessions: 4 of 6 parts known to be worth 2.40, so all 3.60; half a part of 5 ends 1.00', () => {
  const known = { holes: '6', holed: '4', holes_worth: 2.4, holes_known: '4' };
  expect(judge(row(known))[0]).toMatchObject({ money: { amount: '3.6', low: '2.88', high: '4.32', class: 'leakage' } });
  const ends = { unclosed: '5', unclosed_in_day: '20', unclosed_worth: 1, unclosed_known: '5' };
  expect(judge(row(ends))[1]).toMatchObject({ money: { amount: '1', low: '0', high: '2', class: 'risk' } });
});

it('asks what partials are worth that their leg does not charge', () => {
  expect(judge(row({ holes: '6', charge: '0' }))[0]).toMatchObject({ valued: { records: 6, class: 'leakage', params: { source: 'pgw' } } });
});

it('finds 10 sessions left open where the day has 2 %, and stays silent at half a percent and at few', () => {
  expect(judge(row({ unclosed: '10', unclosed_in_day: '20' }))[1]).toMatchObject({
    state: 'violation',
    observed: 10,
    statistic: 0.02,
    money: { class: 'risk', low: '0' },
    title: 'pgw-1 data: 10 sessions never closed',
  });
  expect(judge(row({ unclosed: '5', unclosed_in_day: '5' }))[1].state).toBe('ok');
  expect(judge(row({ unclosed: '0', unclosed_in_day: '20' }))[1].state).toBe('ok');
  expect(judge(row({ unclosed: '4', unclosed_in_day: '4', chains: '100' }))[1].state).toBe('ok');
  // One by one, where few have sessions: five in the day are enough.
  expect(judge(row({ unclosed: '1', unclosed_in_day: '5', chains: '100' }))[1].state).toBe('violation');
});

it('says what it lacks', () => {
  expect(judgeRows(partialChains, [], { window })).toMatchObject([{ state: 'not_applicable' }]);
});

it('speaks for several hours at once', () => {
  const found = judge(row({ holes: '6', holed: '4', unclosed: '10', unclosed_in_day: '20' }));
  expect(partialChains.entitle!([found[0], found[0]])).toBe('pgw-1 data: 12 partial records missing');
  expect(partialChains.summarise!([found[1], found[1]])).toContain('20 sessions in 2 hours');
});

it('border: half a percent of open sessions is accepted, one more is not', () => {
  // 5 of 1,000 chains.
  expect(judge(row({ unclosed: '5', unclosed_in_day: '5' }))[1].state).toBe('ok');
  expect(judge(row({ unclosed: '6', unclosed_in_day: '6' }))[1].state).toBe('violation');
  expect(judge(row({ holes: '0' }))[0].state).toBe('ok');
  expect(judge(row({ holes: '1', holed: '1' }))[0].state).toBe('violation');
});
