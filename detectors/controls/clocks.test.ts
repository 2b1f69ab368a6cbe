import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { clocks, zoneOf } from './clocks.ts';
import { judgeRows } from './evaluation.fixture.ts';

const row = (more: object = {}): object => ({
  node: 'msc-1',
  other: '',
  pairs: '0',
  pairs_before: '0',
  offset_seconds: 0,
  offset_before: 0,
  charge: '0',
  moved_charge: '0',
  records: '1000',
  too_long: '0',
  beyond_end: '0',
  ahead: '0',
  too_fast: '0',
  wrong_charge: '0',
  wrong_customers: '0',
  first_at: '2026-11-21 11:05:00.000',
  samples: ['r'],
  fell: '0',
  rolled: '0',
  lost_octets: '0',
  fell_customers: '0',
  fell_at: '1970-01-01 00:00:00.000',
  fell_samples: [],
  ...more,
});
const pair = (offset_seconds: number, offset_before: number, more: object = {}): object =>
  row({
    other: 'rating',
    pairs: '500',
    pairs_before: '480',
    offset_seconds,
    offset_before,
    charge: '864',
    moved_charge: '12.5',
    records: '0',
    ...more,
  });
const window = { from: Date.UTC(2026, 10, 21, 11), to: Date.UTC(2026, 10, 21, 12) };
const judge = (one: object, limits = {}): Record<string, Judgement> =>
  Object.fromEntries(judgeRows(clocks, [one], { window, limits }).map((each) => [each.cell['check'], each]));

it('knows zones and changes of clocks from drift', () => {
  expect([3598, -3600, 900, 0, 20, -5400, 840].map(zoneOf)).toEqual([3600, -3600, 900, 0, 0, -5400, 900]);
  expect(zoneOf(500)).toBe(0);
});

it('is ok with an offset that stays, and with records as they are', () => {
  expect(judge(pair(1.5, 1.2))['offset']!.state).toBe('ok');
  expect(Object.values(judge(row())).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
});

it('finds a drift of 3 s a day, and what falls into another day by it', () => {
  expect(judge(pair(4, 1))['offset']).toMatchObject({
    state: 'violation',
    statistic: 3,
    money: { amount: '12.5', low: '0', class: 'risk' },
    title: 'msc-1: clock drifts, 3 s against rating in a day',
  });
  expect(judge(pair(3, 1))['offset']!.state).toBe('ok');
});

it('finds a zone that is an hour off, though it was so yesterday', () => {
  expect(judge(pair(-3599, -3599))['offset']).toMatchObject({
    state: 'violation',
    direction: 'down',
    expected: 0,
    title: 'msc-1: times are -60 minutes off against rating (time zone or change of clocks)',
  });
});

it('waits for pairs, and for the second day', () => {
  expect(judge(pair(100, 0, { pairs: '29' }))['offset']!.state).toBe('waiting');
  expect(judge(pair(100, 0, { pairs_before: '5' }))['offset']).toMatchObject({
    state: 'ok',
    note: 'drift is judged from the second day on',
  });
  expect(judge(pair(100, 0, { charge: '0', moved_charge: '0' }))['offset']).toMatchObject({
    note: 'no amount: none of the records is charged',
  });
  expect(judge(pair(100, 0, { moved_charge: '0' }))['offset']).toMatchObject({
    note: 'no amount: no usage of this hour falls into another day',
  });
});

it('judges each pair of legs once, from the leg that stands earlier', () => {
  const other = judgeRows({ ...clocks, evaluate: (rows, evaluation) => clocks.evaluate(rows, { ...evaluation, leg: 'rating' }) }, [
    pair(100, 0, { other: 'switch' }),
  ]);
  expect(other.map(({ state }) => state)).toEqual(['not_applicable']);
});

it('finds records that cannot be, with what they charge', () => {
  expect(judge(row({ too_long: '2', beyond_end: '3', wrong_charge: '71.5', wrong_customers: '4' }))['duration']).toMatchObject({
    state: 'violation',
    observed: 5,
    money: { amount: '71.5', low: '0', class: 'over_charge' },
    customers: { count: 4 },
    title: 'msc-1: 5 records with impossible durations',
  });
  expect(judge(row({ ahead: '50' }))['ahead']).toMatchObject({ state: 'violation', valued: { records: 50, perhaps: true } });
  expect(judge(row({ too_fast: '3' }))['rate']!.state).toBe('violation');
  expect(judge(row({ too_fast: '2' }))['rate']!.state).toBe('ok');
  expect(judge(row({ too_fast: '3', records: '3000' }))['rate']!.state).toBe('ok');
});

it('tells a clock that is half an hour ahead once, not its records from the future as well', () => {
  const ahead = row({ ahead: '50' });
  const both = judgeRows(clocks, [pair(1800, 0), ahead], { window });
  expect(both.filter(({ state }) => state === 'violation').map(({ cell }) => cell['check'])).toEqual(['offset']);
  expect(both.find(({ cell }) => cell['check'] === 'ahead')).toMatchObject({ state: 'ok', note: 'explained by its clock' });
  // A clock that is behind explains none.
  const behind = judgeRows(clocks, [pair(-1800, 0), ahead], { window });
  expect(behind.filter(({ state }) => state === 'violation').map(({ cell }) => cell['check'])).toEqual(['offset', 'ahead']);
});

it('finds counters that fell within a session, by hand: 3 sessions, 2 of them over 32 bits, 8 GiB less', () => {
  const fall = {
    fell: '3',
    rolled: '2',
    lost_octets: `${8 * 2 ** 30}`,
    fell_customers: '3',
    fell_at: '2026-11-21 11:20:00.000',
    fell_samples: ['f'],
  };
  const found = judge(row(fall))['fall']!;
  expect(found).toMatchObject({
    state: 'violation',
    observed: 3,
    customers: { count: 3 },
    samples: ['f'],
    beganAt: Date.UTC(2026, 10, 21, 11, 20),
  });
  expect(found.summary).toContain('2 of 3 ran over a counter of 32 bits; 8,192 MiB less.');
  expect(judge(row({ ...fall, rolled: '0' }))['fall']!.summary).toContain('A stop without octets, or a node that started anew');
  expect(judge(row({ ...fall, fell: '2' }))['fall']!.state).toBe('ok');
  // Exactly one in a thousand is accepted.
  expect(judge(row({ ...fall, records: '3000' }))['fall']!.state).toBe('ok');
});

it('border: two seconds a day are accepted; a minute beside a quarter of an hour is one', () => {
  expect(judge(pair(2, 0))['offset']!.state).toBe('ok');
  expect(judge(pair(2.001, 0))['offset']!.state).toBe('violation');
  expect([960, 961].map(zoneOf)).toEqual([900, 0]);
});

it('says what it lacks', () => {
  expect(judgeRows(clocks, [], { window })).toMatchObject([{ state: 'not_applicable', note: 'not applicable, needs usage' }]);
});
