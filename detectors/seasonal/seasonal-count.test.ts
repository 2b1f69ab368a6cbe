import { expect, it } from 'vitest';
import { judgeRows } from '../controls/evaluation.fixture.ts';
import { seasonalCount } from './seasonal-count.ts';

const window = { from: Date.UTC(2026, 10, 21, 12), to: Date.UTC(2026, 10, 21, 12, 15) };

/** A series with 100 records in each slot of the weeks before, and the given ones in the slots 1 to 3 of this week. */
function series(now: readonly number[], weeks = 5, level = 100, more: object = {}): object {
  const places: number[] = [];
  const records: string[] = [];
  for (let week = 1; week <= weeks; week++) {
    for (let slot = 0; slot < 5; slot++) {
      places.push(week * 5 + slot);
      records.push(`${level}`);
    }
  }
  now.forEach((count, at) => {
    if (count === 0) return;
    places.push(1 + at);
    records.push(`${count}`);
  });
  return {
    partner: 'acme',
    service: 'voice',
    places,
    records,
    usual_records: `${weeks * 5 * level}`,
    usual_charge: `${weeks * 5 * level * 0.1}`,
    node: 'n',
    unread_places: [],
    unread: [],
    ...more,
  };
}

const judgeAll = (...rows: object[]) => judgeRows(seasonalCount, rows, { window });
/** The violation of the first series if there is one, else what is said of a drop. */
const first = (...rows: object[]) => {
  const own = judgeAll(...rows).slice(0, 2);
  return own.find(({ state }) => state === 'violation') ?? own[0]!;
};
const judge = (row: object) => first(row);

it('is ok at the usual level', () => {
  expect(judge(series([100, 95, 108]))).toMatchObject({ state: 'ok', observed: 303, expected: 300 });
});

it('finds a drop with money at the mean charge, and asks whom it concerns', () => {
  expect(judge(series([100, 40, 40]))).toMatchObject({
    state: 'violation',
    direction: 'down',
    money: { amount: '12', class: 'risk' },
    affected: { share: 0.4, params: { since: '2026-11-14T11:30:00.000Z', to: '2026-11-14T12:15:00.000Z' } },
    beganAt: Date.UTC(2026, 10, 21, 11, 45),
  });
});

it('what everything else on the node lacks too is no drop of one partner; what it alone lacks is', () => {
  const beside = (now: readonly number[], node = 'n') => series(now, 5, 100, { partner: 'other', node });
  expect(first(series([40, 40, 40]), beside([41, 39, 40])).state).toBe('ok');
  expect(first(series([40, 40, 40]), beside([100, 103, 99])).state).toBe('violation');
  expect(first(series([40, 40, 40]), beside([40, 40, 40], 'another')).state).toBe('violation');
  // A surge of the other is no drop of this one, nor the other way round.
  expect(first(series([100, 100, 100]), beside([400, 400, 400])).state).toBe('ok');
  expect(first(series([100, 100, 100]), beside([20, 20, 20])).state).toBe('ok');
});

it('what was rejected has come', () => {
  const rejected = series([50, 50, 50], 5, 100, { unread_places: [1, 2, 3], unread: [50, 48, 51] });
  expect(judge(rejected).state).toBe('ok');
});

it('finds a full stop: no row is a zero', () => {
  expect(judge(series([0, 0, 0]))).toMatchObject({ state: 'violation', observed: 0, direction: 'down' });
});

it('a drop and a surge are two findings: while one is there the other is not', () => {
  expect(judgeAll(series([100, 300, 300])).map(({ cell, state }) => [cell['direction'], state])).toEqual([
    ['down', 'ok'],
    ['up', 'violation'],
  ]);
});

it('finds a surge', () => {
  expect(judge(series([100, 300, 300]))).toMatchObject({ state: 'violation', direction: 'up' });
});

it('missing data: says what it needs', () => {
  expect(judge(series([0, 0, 0], 2))).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs 3 weeks of history, has 2' });
  expect(judge(series([0, 0, 0], 5, 9))).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs 10 records per bucket' });
});
