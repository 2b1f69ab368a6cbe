import { describe, expect, it } from 'vitest';
import { createWorld, servicePlan, startRun, type World } from '../index.ts';
import { failingCalls, firmwareRestarts, ponCut } from './service.ts';

const from = Date.UTC(2026, 10, 18, 14);
const hour = 3_600_000;
const world = createWorld({ subscribers: 400, eventsPerDay: 20_000, pons: 2, ontsPerPon: 16, statusMinutes: 5 });

function linesOf(of: World, scenarios: Parameters<typeof startRun>[1]['scenarios'], feeds: readonly string[]): string[] {
  const run = startRun(of, { from, scenarios: scenarios ?? [], feeds: (feed) => feeds.includes(feed) });
  return [...run.until(from + 2 * hour, hour, true)].flatMap(({ lines }) => [...lines]);
}

describe('faults of service', () => {
  it('make the calls of a route fail, and count whom they hit', () => {
    const scenario = failingCalls(
      { scenario: 'route', scope: { partner: 'alder-carrier', route: 'TG-ALD-1' }, from, to: from + hour },
      ({ route, trunkIn }) => route === 'TG-ALD-1' || trunkIn === 'TG-ALD-1',
      1,
    );
    const failed = linesOf(world, [scenario], ['msc-1', 'msc-2']).filter((line) => line.includes(',FAILED,'));
    const { records, customers } = scenario.truth();
    expect(failed.length).toBeGreaterThan(20);
    expect(failed.every((line) => line.includes(',TG-ALD-1,') && line.includes(',false,41,network,'))).toBe(true);
    expect(records).toBeGreaterThanOrEqual(failed.length);
    expect(customers).toBeGreaterThan(10);
    expect(linesOf(world, [], ['msc-1']).some((line) => line.includes(',FAILED,'))).toBe(false);
  });

  it('make the calls of a route fail ever more often', () => {
    const scenario = failingCalls(
      { scenario: 'route-fading', scope: { partner: 'alder-carrier', route: 'TG-ALD-1' }, from, to: from + 2 * hour, onset: 'drift' },
      ({ route, trunkIn }) => route === 'TG-ALD-1' || trunkIn === 'TG-ALD-1',
      (since) => since / (2 * hour),
    );
    const failed = linesOf(world, [scenario], ['msc-1', 'msc-2']).filter((line) => line.includes(',FAILED,'));
    // 2026-11-18T14:00 UTC is nine in the morning of the place.
    const [early, late] = [/T09:/, /T10:/].map((at) => failed.filter((line) => at.test(line)).length);
    expect(late!).toBeGreaterThan(2 * early!);
    expect(scenario.truth()).toMatchObject({ onset: 'drift', nature: 'fault' });
  });

  it('cut off the ONTs of a PON within seconds, bring them back, and leave the others alone', () => {
    const pon = world.ponList[0]!;
    const scenario = ponCut(world, pon, [0, 1, 2, 3], from + 10 * 60_000, from + hour);
    const status = linesOf(world, [scenario], ['olt-telemetry'])
      .map((line) => JSON.parse(line) as { metric: string; device: string; value: number; event_time: string })
      .filter(({ metric, value }) => metric === 'ont_up' && value === 0);
    expect(new Set(status.map(({ device }) => device)).size).toBe(4);
    const first = status.map(({ event_time }) => Date.parse(event_time)).sort((a, b) => a - b);
    expect(first[3]! - first[0]!).toBeLessThan(8_000);
    expect(Math.max(...first)).toBeLessThan(from + hour + 20_000);
    expect(scenario.truth()).toMatchObject({ customers: 4, scope: { pon: pon.pon } });
  });

  it('restart a part of the devices of a firmware, once', () => {
    const { model, firmware } = world.ponList[0]!.onts[0]!;
    const scenario = firmwareRestarts(world, { model, firmware }, 0.5, from + 600_000, from + 1_200_000);
    const young = linesOf(world, [scenario], ['olt-telemetry'])
      .map((line) => JSON.parse(line) as { metric: string; device: string; value: number; firmware: string })
      .filter(({ metric, value }) => metric === 'uptime_seconds' && value < 7200);
    expect(young.length).toBeGreaterThan(0);
    expect(young.every((each) => each.firmware === firmware)).toBe(true);
    expect(new Set(young.map(({ device }) => device)).size).toBe(scenario.truth().customers);
  });

  it('come in turn over the week, at times of their own, and the same for the same seed', () => {
    const options = { seed: 5, from, to: from + 7 * 24 * hour, faultsPerDay: 4 };
    const withHoliday = { ...world, freeDays: [Math.floor(from / (24 * hour)) + 3] };
    const { scenarios, maintenance } = servicePlan(withHoliday, options);
    const truths = scenarios.map(({ truth }) => truth());
    const faults = truths.filter(({ nature }) => nature === 'fault').sort((a, b) => a.from - b.from);
    expect(new Set(faults.map(({ scenario }) => scenario)).size).toBe(8);
    expect(faults.length).toBeGreaterThanOrEqual(24);
    for (const [at, each] of faults.entries()) if (at > 0) expect(each.from).toBeGreaterThan(faults[at - 1]!.to - 90 * 60_000);
    expect(new Set(truths.filter(({ nature }) => nature === 'innocent').map(({ scenario }) => scenario))).toEqual(
      new Set(['maintenance', 'quiet-night', 'holiday']),
    );
    expect(maintenance.length).toBeGreaterThan(0);
    expect(servicePlan(withHoliday, options).scenarios.map(({ truth }) => truth().from)).toEqual(truths.map((truth) => truth.from));
  });
});
