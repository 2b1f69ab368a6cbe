import { describe, expect, it } from 'vitest';
import type { SimulatedFile } from '../file.ts';
import { day, hour } from '../instant.ts';
import { startRun } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { createWorld, type World } from '../world.ts';
import { campaign, nodeSwap, planMigration, siteOutage } from './look-alikes.ts';

const options = { seed: 3, subscribers: 200, eventsPerDay: 2_000, pons: 1, ontsPerPon: 1, backOffice: true } as const;
const world = createWorld(options);
const from = Date.UTC(2026, 10, 17, 5);
const at = from + 12 * hour;

const played = (scenarios: readonly Scenario[] = [], of: World = world): SimulatedFile[] => [
  ...startRun(of, { from, scenarios }).until(from + 30 * hour, hour, true),
];
const lines = (files: readonly SimulatedFile[], feed: string): string[] => files.flatMap((file) => (file.feed === feed ? file.lines : []));
const clean = played();

describe('look-alikes', () => {
  it('a campaign is more usage in every leg alike, an outage less', () => {
    const more = played([campaign('smart', 'data', at, at + 6 * hour, 1.6)]);
    const site = world.cellList[0]!.site;
    const outage = siteOutage(site, at, at + 6 * hour);
    const fewer = played([outage]);
    for (const feed of ['pgw', 'mediation', 'rating', 'host-wholesale']) {
      expect(lines(more, feed).length, feed).toBeGreaterThan(lines(clean, feed).length);
      expect(lines(fewer, feed).length, feed).toBeLessThan(lines(clean, feed).length);
    }
    const added = (feed: string): number => lines(more, feed).length - lines(clean, feed).length;
    expect(added('mediation')).toBe(added('rating'));
    expect(outage.truth()).toMatchObject({ nature: 'innocent', control: '' });
  });

  it('a node swap names another node and numbers its records anew; nothing is missing', () => {
    const swapped = played([nodeSwap('msc-2', 'msc-3', at)]);
    const fresh = lines(swapped, 'msc-2').filter((line) => line.startsWith('switch,msc-3,'));
    expect(fresh.length).toBeGreaterThan(10);
    expect(fresh.map((line) => Number(line.split(',')[12]))).toEqual(fresh.map((_, n) => n + 1));
    expect(lines(swapped, 'msc-2').length).toBe(lines(clean, 'msc-2').length);
  });

  it('a migration of plans changes network, billing and rating together, and says so', () => {
    const migration = planMigration(world, 'smart', 'office', at, 0.2);
    const files = played([migration]);
    const stated = (feed: string): string[] =>
      lines(files, feed)
        .filter((line) => line.includes(',active,office,'))
        .map((line) => line.split(',')[1]!);
    expect(stated('hlr-changes').length).toBeGreaterThan(5);
    expect(new Set(stated('billing-changes'))).toEqual(new Set(stated('hlr-changes')));
    const moved = new Set(stated('hlr-changes'));
    const after = lines(files, 'rating').filter((line) => {
      const fields = line.split(',');
      return Date.parse(fields[7]!) >= at + 1000 && moved.has(fields.at(-3)!);
    });
    expect(after.length).toBeGreaterThan(3);
    expect(after.every((line) => line.includes(',office,business,'))).toBe(true);
    expect(lines(files, 'change-log').length).toBe(1);
  });

  it('clocks go forward: from then on times are written in the other offset, and not one record is lost', () => {
    const changed = createWorld({ ...options, clockChangeAt: from + 4 * hour });
    const files = played([], changed);
    const offsets = lines(files, 'rating').map((line) => line.split(',')[7]!.slice(-6));
    expect(new Set(offsets)).toEqual(new Set(['-05:00', '-04:00']));
    const starts = lines(files, 'rating').map((line) => Date.parse(line.split(',')[7]!));
    expect(Math.max(...starts)).toBeLessThan(from + 30 * hour);
    expect(starts.length).toBeGreaterThan(0.9 * lines(clean, 'rating').length);
    expect(files.every((file) => file.to - file.from <= day)).toBe(true);
  });
});
