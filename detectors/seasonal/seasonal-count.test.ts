import { expect, it } from 'vitest';
import { judgeRows } from '../controls/evaluation.fixture.ts';
import { seasonalCount } from './seasonal-count.ts';

const window = { from: Date.UTC(2026, 10, 21, 12), to: Date.UTC(2026, 10, 21, 12, 15) };

/** A series with 100 records in each slot of the weeks before, and the given ones in the slots 1 to 3 of this week. */
function series(now: readonly number[], weeks = 5, level = 100): object {
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
  };
}

const judge = (row: object) => judgeRows(seasonalCount, [row], { window })[0]!;

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

it('finds a full stop: no row is a zero', () => {
  expect(judge(series([0, 0, 0]))).toMatchObject({ state: 'violation', observed: 0, direction: 'down' });
});

it('finds a surge', () => {
  expect(judge(series([100, 300, 300]))).toMatchObject({ state: 'violation', direction: 'up' });
});

it('missing data: says what it needs', () => {
  expect(judge(series([0, 0, 0], 2))).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs 3 weeks of history, has 2' });
  expect(judge(series([0, 0, 0], 5, 9))).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs 10 records per bucket' });
});
