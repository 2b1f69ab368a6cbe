import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { placeOf, rerating, tariffNamed } from './rerating.ts';

const none = '1970-01-01 00:00:00.000';
/** 0.09 a minute by started minutes, 0.05 for the set-up. */
const rate = (more: object = {}): object => ({
  kind: 'rate',
  tariff: 'flex',
  version: '3',
  service: 'voice',
  zone: 'world',
  prefix: '',
  time_band: '',
  at: '2026-10-01 00:00:00.000',
  until: none,
  seconds: 60,
  octets: 60,
  events: 0,
  amount: '0.09',
  setup: '0.05',
  unit: 'minute',
  population: 0,
  population_charge: 0,
  customers: 0,
  record: '',
  ...more,
});
/** Calls of 61 s: two started minutes cost 0.23. */
const call = (amount: string, more: object = {}): object => ({
  ...rate(),
  kind: 'usage',
  tariff: 'flex-3',
  version: '',
  at: '2026-11-21 11:10:00.000',
  seconds: 61,
  octets: 0,
  amount,
  setup: '',
  unit: '',
  population: 1000,
  population_charge: 230e6,
  customers: 300,
  record: 'r',
  ...more,
});
const calls = (count: number, amount: string, more: object = {}): object[] => Array.from({ length: count }, () => call(amount, more));
const window = { from: Date.UTC(2026, 10, 21, 11), to: Date.UTC(2026, 10, 21, 12) };
const judge = (rows: object[], limits = {}) =>
  Object.fromEntries(judgeRows(rerating, rows, { window, limits }).map((each) => [each.cell['check'], each]));

it('knows the tariff by its name with a version behind', () => {
  expect(tariffNamed('flex-3', ['flex', 'fl', 'smart'])).toBe('flex');
  expect(tariffNamed('flex', ['flex'])).toBe('flex');
  expect(tariffNamed('flexible', ['flex'])).toBeUndefined();
  expect(tariffNamed('flex-plus-3', ['flex', 'flex-plus'])).toBe('flex-plus');
});

it('is ok where the price list agrees, to the rounding', () => {
  const found = judge([...calls(100, '0.23'), ...calls(100, '0.24'), rate()]);
  expect([found['under']!.state, found['over']!.state]).toEqual(['ok', 'ok']);
});

it('finds calls charged by the second: 0.0915 + 0.05 instead of 0.23, five times as many as were rated again', () => {
  const found = judge([...calls(100, '0.23'), ...calls(100, '0.1415'), rate()]);
  expect(found['under']).toMatchObject({
    state: 'violation',
    observed: 100,
    statistic: 0.5,
    money: { amount: '44.25', class: 'leakage' },
    customers: { count: 150 },
    title: 'flex-3 voice world: 50 % of records charged too little',
  });
  // standard error of the sum: sqrt(100 x 0.0885^2 / 2 x 0.8) x 5
  expect(Number(found['under']!.money!.low)).toBeCloseTo(44.25 - 2 * Math.sqrt(100 * 0.0885 ** 2 * 0.5 * 0.8) * 5, 1);
  expect(found['over']!.state).toBe('ok');
});

it('keeps too much apart, as owed back, and exact where all were rated again', () => {
  const all = { population: 20, population_charge: 10e6 };
  const found = judge([...calls(20, '0.5', all), rate()]);
  expect(found['over']).toMatchObject({ state: 'violation', money: { amount: '5.4', low: '5.4', high: '5.4', class: 'over_charge' } });
});

it('stays silent on one wrong record and on little value', () => {
  expect(judge([...calls(199, '0.23'), ...calls(1, '0'), rate()])['under']!.state).toBe('ok');
  expect(judge([...calls(198, '0.23'), ...calls(2, '0'), rate()])['under']!.state).toBe('violation');
  expect(judge([...calls(195, '0.23'), ...calls(5, '0.21'), rate()], { value: 0.01 })['under']!.state).toBe('ok');
});

it('takes the version that held at the start', () => {
  const later = rate({ version: '4', amount: '0.2', at: '2026-11-21 11:30:00.000' });
  const found = judge([...calls(50, '0.23'), ...calls(50, '0.45', { at: '2026-11-21 11:40:00.000' }), rate(), later]);
  expect([found['under']!.state, found['over']!.state]).toEqual(['ok', 'ok']);
});

it('finds a quarter too much of half a cent, where charges are stated to the thousandth of a cent; a cent is rounding of cents', () => {
  expect([placeOf([230_000, 240_000]), placeOf([230_000, 141_500]), placeOf([5600, 7001]), placeOf([])]).toEqual([10_000, 100, 1, 10_000]);
  // Messages at 0.0056: 20 of 40 charged 0.007, 0.0014 too much each.
  const price = rate({ service: 'sms', unit: 'event', amount: '0.0056', setup: '0', seconds: 0, octets: 0 });
  const message = { service: 'sms', seconds: 0, events: 1, population: 40, population_charge: 252_000 };
  const found = judge([...calls(20, '0.0056', message), ...calls(20, '0.007', message), price]);
  expect(found['over']).toMatchObject({ state: 'violation', observed: 20, money: { amount: '0.03' } });
  const cents = { ...message, population_charge: 400_000 };
  expect(judge([...calls(20, '0.01', cents), ...calls(20, '0.02', cents), { ...price, amount: '0.01' }])['over']!.state).toBe('ok');
});

it('leaves what a new version does not name to the version before', () => {
  // From 11:30 on a version of one row, for data; a call at 11:40 still costs 2 x 0.09 + 0.05 = 0.23.
  const one = rate({ version: '3.1', service: 'data', unit: 'mib', amount: '0.2', setup: '0', at: '2026-11-21 11:30:00.000' });
  const late = { at: '2026-11-21 11:40:00.000', population: 20, population_charge: 4.6e6 };
  const found = judge([...calls(10, '0.23', late), ...calls(10, '0.13', late), rate(), one]);
  expect(found['under']).toMatchObject({ state: 'violation', observed: 10, money: { amount: '1' } });
  expect(found['over']!.state).toBe('ok');
});

it('says what it lacks: a price list, a rate of the zone, a calendar, a unit that is one', () => {
  expect(judge(calls(10, '0'))['']).toMatchObject({ state: 'not_applicable' });
  expect(judge([rate()])['']).toMatchObject({ state: 'not_applicable' });
  expect(judge([...calls(10, '0', { tariff: 'other-1' }), rate()])['under']!.note).toContain('no rate of its tariff is loaded');
  expect(judge([...calls(10, '0', { zone: 'moon' }), rate()])['under']!.note).toContain('no rate for its service and zone');
  expect(judge([...calls(10, '0'), rate({ time_band: 'night' })])['under']!.note).toContain('prices by time band need a calendar');
  expect(judge([...calls(10, '0'), rate({ unit: 'furlong' })])['under']!.note).toContain('furlong');
});

it('speaks for several hours at once', () => {
  const found = judge([...calls(20, '0'), rate()])['under']!;
  expect(rerating.summarise!([found, found])).toContain('2 hours of the last day');
});
