import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { zeroRated } from './zero-rated.ts';

const none = '1970-01-01 00:00:00.000';
/** 1,000 records now and 4,000 the day before, each charged one with 0.20; a week before 1,000 more. */
const row = (now: object = {}, more: object = {}): object => {
  const { n = 1000, zero = 0, unrated = 0, zeroDuration = 0 } = now as Record<string, number>;
  return {
    service: 'voice',
    zone: 'world',
    plan: 'flex',
    blocks: [0, 1, 2],
    n: [n, 4000, 1000],
    zero_rated: [zero, 40, 10],
    unrated: [unrated, 0, 0],
    zero_duration: [zeroDuration, 20, 5],
    // A minute each, what is charged too.
    zero_rated_units: [zero * 60, 2400, 600],
    unrated_units: [unrated * 60, 0, 0],
    charged_units: [(n - zero) * 60, 3960 * 60, 990 * 60],
    charged: [n - zero, 3960, 990],
    charge: [(n - zero) * 0.2, 792, 198],
    zero_rated_from: '2026-11-21 07:12:00.000',
    unrated_from: none,
    zero_duration_from: '2026-11-21 08:00:00.000',
    zero_rated_customers: '17',
    unrated_customers: '0',
    zero_duration_customers: '3',
    unrated_day_from: none,
    unrated_day_customers: '0',
    ...more,
  };
};
const to = Date.UTC(2026, 10, 21, 12);
const judge = (rows: object[], limits = {}) => {
  const all = judgeRows(zeroRated, rows, { window: { from: to - 3_600_000, to }, limits });
  return Object.fromEntries(all.map((each) => [each.cell['check'], each]));
};
// The fixture closes a window of the switch: of a leg that charges nothing only durations are judged.
const rating = {
  ...zeroRated,
  evaluate: (rows: never, evaluation: object) => zeroRated.evaluate(rows, { ...evaluation, leg: 'rating' } as never),
};
const judgeRating = (rows: object[], limits = {}) => {
  const all = judgeRows(rating as never, rows, { window: { from: to - 3_600_000, to }, limits });
  return Object.fromEntries(all.map((each) => [each.cell['check'], each]));
};

it('is ok at the usual share of 1 % and waits a little above it', () => {
  expect(judgeRating([row({ zero: 10 })])['zero_rated']).toMatchObject({ state: 'ok', expected: 10 });
  expect(judgeRating([row({ zero: 16 })])['zero_rated']!.state).toBe('waiting');
});

it('finds 20 % charged nothing where 1 % is usual: 190 records at 0.20', () => {
  expect(judgeRating([row({ zero: 200 })])['zero_rated']).toMatchObject({
    state: 'violation',
    observed: 200,
    expected: 10,
    // accepted are 1.2 %: from 188 records to all 200
    money: { amount: '38', low: '37.6', high: '40', class: 'leakage' },
    customers: { count: 17 },
    beganAt: Date.UTC(2026, 10, 21, 7, 12),
    title: 'rating voice (world, plan flex): 20 % charged nothing, usual are 1 %',
  });
});

it('values what is free by what it used, since few records are seldom of mean size', () => {
  // 200 records of 20 s at 0.20 a minute: 13.33 in all, of which 190 of 200 are beyond the usual.
  const short = row({ zero: 200 }, { zero_rated_units: [200 * 20, 2400, 600] });
  expect(judgeRating([short])['zero_rated']).toMatchObject({ money: { amount: '12.67', low: '12.53', high: '13.33' } });
});

it('finds records that were passed on unrated, at risk', () => {
  expect(judgeRating([row({ unrated: 50 })])['unrated']).toMatchObject({ state: 'violation', money: { amount: '10', class: 'risk' } });
});

it('finds two calls of a day that were passed on unrated where none ever was, in whatever hours', () => {
  // One of a minute in the six hours and one in the eighteen before: 2 x 0.20. Neither is a share of anything: 0.02 % and 0.1 %.
  const blocks = (unrated: readonly number[], n = [1000, 3000, 1000, 1000]) =>
    row(
      {},
      {
        ...{ blocks: [0, 5, 1, 2], n, zero_rated: [10, 30, 10, 10], unrated, zero_duration: [0, 0, 0, 0] },
        ...{ zero_rated_units: [600, 1800, 600, 600], unrated_units: unrated.map((each) => each * 60) },
        ...{ charged_units: n.map((each) => each * 60), charged: n, charge: n.map((each) => each * 0.2) },
        ...{ unrated_from: '2026-11-21 09:00:00.000', unrated_day_from: '2026-11-20 20:00:00.000', unrated_day_customers: '2' },
      },
    );
  const of = (rows: object[], limits = {}) => judgeRating(rows, { floor: 0.0004, ...limits })['unrated']!;
  expect(of([blocks([1, 1, 0, 0])])).toMatchObject({
    ...{ state: 'violation', observed: 2, expected: 0, money: { amount: '0.4', low: '0.4', high: '0.4', class: 'risk' } },
    ...{ window: { from: to - 86_400_000, to }, beganAt: Date.UTC(2026, 10, 20, 20), customers: { count: 2 } },
  });
  expect(of([blocks([1, 1, 0, 0])]).summary).toContain('2 records of 4,000 of voice');
  // One is too few; what happens by itself is left to the share; the floor of a day is 0.04 % of 800.
  expect(of([blocks([1, 0, 0, 0])]).state).toBe('ok');
  expect(of([blocks([1, 1, 0, 1])]).state).toBe('ok');
  expect(of([blocks([1, 1, 0, 0])], { floor: 0.0006 }).state).toBe('ok');
  // On its second day it is in the hours before as well: the week before tells. Without weeks nobody knows.
  expect(of([blocks([0, 2, 1, 0])]).state).toBe('violation');
  expect(of([blocks([0, 2, 1, 0], [1000, 3000, 1000, 10])]).state).toBe('ok');
});

it('finds answered calls without duration, also on a leg that charges nothing', () => {
  const free = { charged: [0, 0, 0], charge: [0, 0, 0] };
  const found = judge([row({ zeroDuration: 100 }, free)]);
  expect(Object.keys(found)).toEqual(['zero_duration']);
  expect(found['zero_duration']).toMatchObject({ state: 'violation', valued: { records: 95, params: { leg: 'switch' } } });
  expect(found['zero_duration']!.money).toBeUndefined();
});

it('leaves a plan alone in which nothing is ever charged, and small money', () => {
  const free = row({ zero: 1000 }, { zero_rated: [1000, 100, 10], charged: [0, 0, 0], charge: [0, 0, 0] });
  expect(judgeRating([free])['zero_rated']).toMatchObject({ state: 'ok', note: 'nothing is ever charged here' });
  expect(judgeRating([row({ zero: 200 })], { floor: 0.1 })['zero_rated']!.state).toBe('violation');
  const large = row({}, { service: 'voice', zone: 'national', charge: [1e6, 0, 0] });
  expect(judgeRating([large, row({ zero: 200 })])['zero_rated']).toMatchObject({ state: 'ok', note: 'below the money floor' });
});

it('says what it lacks', () => {
  const units = { zero_rated_units: [0], unrated_units: [0], charged_units: [0] };
  const young = { blocks: [0], n: [100], zero_rated: [90], unrated: [0], zero_duration: [0], charged: [10], charge: [1], ...units };
  expect(judgeRating([row({}, young)])['zero_rated']).toMatchObject({ state: 'not_applicable' });
  const gone = { blocks: [1], n: [100], zero_rated: [9], unrated: [0], zero_duration: [0], charged: [10], charge: [1], ...units };
  expect(judgeRating([row({}, gone)])['zero_rated']).toMatchObject({ state: 'waiting', note: 'no usage' });
  expect(judgeRating([])['']).toMatchObject({ state: 'not_applicable' });
});
