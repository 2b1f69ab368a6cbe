import { expect, it } from 'vitest';
import type { UsageEvent } from '../../simulator/event.ts';
import type { Draft, UsageFeed } from '../../simulator/feed.ts';
import type { World } from '../../simulator/index.ts';
import { tally } from '../../simulator/scenarios/tally.ts';
import { hourlyOf, within } from './hourly.ts';

const hour = 3_600_000;
const plan = { scenario: 'x', nature: 'leak', control: 'S14', scope: {}, from: 0, to: 10 * hour } as const;

it('puts what was done to a usage into the hour in which it began, and leaves what was done to a file', () => {
  const count = tally(plan);
  const { scenario, hourly } = hourlyOf({
    name: 'x',
    summary: '',
    inject: { record: ({ event }) => count.record(event.charge), lost: () => count.money(1000) },
    truth: count.truth,
  });
  const tell = (start: number, charge: number): void =>
    scenario.inject.record!({ start, clockMs: 0, event: { start, charge } as UsageEvent } as Draft, {} as UsageFeed, {} as World);
  tell(30 * 60_000, 5);
  tell(2 * hour, 7);
  scenario.inject.lost!({} as never);
  tell(2 * hour + 1, 1);
  expect(hourly()).toEqual([
    [0, 5],
    [2 * hour, 8],
  ]);
  expect(count.truth().money).toBe(1013);
});

it('adds up the hours of a stretch, of the first and last the part that lies in it', () => {
  const sums = [
    [0, 10],
    [hour, 4],
    [2 * hour, 6],
  ] as const;
  expect([within(sums, 0, 3 * hour), within(sums, hour / 2, 1.25 * hour), within(sums, 5 * hour, 9 * hour)]).toEqual([20, 6, 0]);
});
