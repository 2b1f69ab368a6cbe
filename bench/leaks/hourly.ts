/** What a scenario did hour by hour of event time, so that what a finding says of its window is compared with that window. */
import type { UsageEvent } from '../../simulator/event.ts';
import type { Draft } from '../../simulator/feed.ts';
import type { Injection, Scenario, Truth } from '../../simulator/index.ts';

const hour = 3_600_000;

/** Micro-units by the hour of event time in which the usage began, as its record states it, hours in ms since 1970. */
export type Hourly = readonly (readonly [number, number])[];

export interface Watched {
  /** The same scenario, watched. */
  readonly scenario: Scenario;
  /** What it has done to usage so far, in order of hours. What it did to files or to tables is not in it. */
  readonly hourly: () => Hourly;
}

/** Watches a scenario: what its truth grows by while it is told of a usage lies in the hour in which that began. */
export function hourlyOf(scenario: Scenario): Watched {
  const sums = new Map<number, number>();
  let before = 0;
  const noted = (at: number, { money }: Truth): void => {
    if (money === before) return;
    const begun = Math.floor(at / hour) * hour;
    sums.set(begun, (sums.get(begun) ?? 0) + money - before);
    before = money;
  };
  /** What has grown elsewhere is of no hour. */
  const settle = (): void => {
    before = scenario.truth().money;
  };
  const { inject } = scenario;
  const { record, staged, changed } = inject;
  const { from, to } = scenario.truth();
  const near = ({ start }: UsageEvent): boolean => start >= from - hour && start < to + hour;
  const watch = (event: UsageEvent, act: () => void, began = () => event.start): void => {
    const counted = near(event);
    if (counted) settle();
    act();
    if (counted) noted(began(), scenario.truth());
  };
  /** A record lies in the window in which it states that it began, whatever its clock. */
  const stated = ({ start, clockMs, event }: Draft): number => (typeof start === 'number' ? start + clockMs : event.start);
  const injection: Injection = {
    ...inject,
    ...(record
      ? {
          record: (draft, feed, world) =>
            watch(
              draft.event,
              () => record(draft, feed, world),
              () => stated(draft),
            ),
        }
      : {}),
    ...(staged ? { staged: (event, stage, fate) => watch(event, () => staged(event, stage, fate)) } : {}),
    ...(changed ? { changed: (event, times) => watch(event, () => changed(event, times)) } : {}),
  };
  return { scenario: { ...scenario, inject: injection }, hourly: () => [...sums].sort((a, b) => a[0] - b[0]) };
}

/**
 * Micro-units of hours in a stretch of event time, of hours that lie in it in part the same part.
 * @example within([[0, 10], [3_600_000, 4]], 0, 5_400_000) // 12
 */
export function within(hourly: Hourly, from: number, to: number): number {
  return hourly.reduce((sum, [begun, money]) => {
    const inside = Math.min(to, begun + hour) - Math.max(from, begun);
    return inside <= 0 ? sum : sum + (money * inside) / hour;
  }, 0);
}
