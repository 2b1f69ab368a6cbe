import { describe, expect, it } from 'vitest';
import { type LineFigures, type SimulatedFile, totalsOf, worthOf } from './file.ts';
import { hour, minute } from './instant.ts';
import { startRun } from './run.ts';
import type { Scenario } from './scenario.ts';
import { ponOutage } from './scenarios/access.ts';
import { demoScenarios } from './scenarios/demo.ts';
import { duplicatedRecords, lateFile, missingFile, replayedFile, silentFeed, truncatedFile } from './scenarios/files.ts';
import { suspenseBurst } from './scenarios/records.ts';
import { messageSurge, partnerDrop, quietDay } from './scenarios/traffic.ts';
import { createWorld } from './world.ts';

const world = createWorld({ subscribers: 600, eventsPerDay: 12_000, pons: 2, ontsPerPon: 4 });
const from = Date.UTC(2026, 10, 18, 15);
const to = from + 6 * hour;
const at = from + 2 * hour + minute;

const files = (scenarios: readonly Scenario[] = []): SimulatedFile[] => [...startRun(world, { from, scenarios }).until(to, hour, true)];
const clean = files();
const of = (list: readonly SimulatedFile[], feed: string): SimulatedFile[] => list.filter((file) => file.feed === feed);
const figures = (list: readonly SimulatedFile[], feed: string): LineFigures[] => of(list, feed).flatMap((file) => file.figures);
const records = (list: readonly SimulatedFile[], feed: string): number => of(list, feed).reduce((sum, file) => sum + file.lines.length, 0);
const others = (list: readonly SimulatedFile[], feed: string): string[] =>
  list.filter((file) => file.feed !== feed).map((file) => file.lines.join('\n'));

/** The truth is what the planted output lacks, and no other feed is touched. */
function takes(scenario: Scenario, feed: string): SimulatedFile[] {
  const planted = files([scenario]);
  const truth = scenario.truth();
  expect(truth.records).toBeGreaterThan(0);
  expect(records(clean, feed) - records(planted, feed)).toBe(truth.records);
  expect(worthOf(figures(clean, feed)) - worthOf(figures(planted, feed))).toBe(truth.money);
  expect(others(planted, feed)).toEqual(others(clean, feed));
  return planted;
}

describe('scenarios about files', () => {
  it('missing: one number is absent, the rest untouched', () => {
    const planted = takes(missingFile({ feed: 'msc-1', at }), 'msc-1');
    const numbers = of(planted, 'msc-1').map((file) => file.sequence);
    expect(numbers).toEqual(
      of(clean, 'msc-1')
        .map((file) => file.sequence)
        .filter((number) => number !== 3),
    );
  });

  it('truncated: the trailer says more than there is', () => {
    const planted = takes(truncatedFile({ feed: 'rating', at }, 0.2), 'rating');
    const wrong = of(planted, 'rating').filter((file) => file.declared!.records !== totalsOf(file.figures).records);
    expect(wrong.map((file) => file.sequence)).toEqual([3]);
  });

  it('silent: no number is used up and the numbers go on', () => {
    const planted = takes(silentFeed('smsc', from + hour, from + 3 * hour), 'smsc');
    expect(of(planted, 'smsc').map((file) => file.sequence)).toEqual([1, 2, 3, 4]);
    expect(of(clean, 'smsc').length).toBe(6);
  });

  it('replayed: the same bytes under another name, later', () => {
    const scenario = replayedFile({ feed: 'pgw', at }, 40 * minute);
    const planted = of(files([scenario]), 'pgw');
    const again = planted.filter((file) => file.name.endsWith('_resend.csv'));
    expect(again.length).toBe(1);
    const original = planted.find((file) => file.sequence === again[0]!.sequence)!;
    expect({ ...again[0], name: original.name, modifiedAt: original.modifiedAt }).toEqual(original);
    expect(again[0]!.modifiedAt - original.modifiedAt).toBe(40 * minute);
    expect(scenario.truth()).toMatchObject({ records: original.lines.length, money: worthOf(original.figures) });
  });

  it('duplicated: the trailer agrees, the records repeat', () => {
    const scenario = duplicatedRecords({ feed: 'rating', at }, 0.25);
    const planted = files([scenario]);
    const truth = scenario.truth();
    expect(records(planted, 'rating') - records(clean, 'rating')).toBe(truth.records);
    expect(worthOf(figures(planted, 'rating')) - worthOf(figures(clean, 'rating'))).toBe(truth.money);
    const file = of(planted, 'rating')[2]!;
    expect(file.declared).toEqual(totalsOf(file.figures));
    expect(file.lines.length - new Set(file.lines).size).toBe(truth.records);
  });

  it('late: everything is there, one file only later', () => {
    const scenario = lateFile({ feed: 'host-wholesale', at }, 5 * hour);
    const planted = files([scenario]);
    expect(planted.map((file) => file.lines)).toEqual(clean.map((file) => file.lines));
    const shifts = planted.map((file, i) => file.modifiedAt - clean[i]!.modifiedAt).filter((shift) => shift !== 0);
    expect(shifts).toEqual([5 * hour]);
    expect(scenario.truth()).toMatchObject({ nature: 'innocent', control: '', records: 0, money: 0 });
  });
});

describe('scenarios about records', () => {
  it.each(['time', 'volume'] as const)('spoil a share of them: %s', (spoiling) => {
    const scenario = suspenseBurst('pgw', from + hour, from + 2 * hour, spoiling, 0.5);
    const planted = of(files([scenario]), 'pgw').flatMap((file) => file.lines);
    const before = of(clean, 'pgw').flatMap((file) => file.lines);
    expect(planted.length).toBe(before.length);
    const spoilt = planted.filter((line, i) => line !== before[i]);
    const { records: count } = scenario.truth();
    expect(spoilt.length).toBe(count);
    expect(spoilt.every((line) => line.includes(spoiling === 'time' ? ',2026-13-45T99:00:00,' : 'blk,'))).toBe(true);
    const share = count / of(clean, 'pgw')[1]!.lines.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});

describe('scenarios about traffic', () => {
  const column = (list: SimulatedFile[], feed: string, partner: string): number =>
    of(list, feed).reduce((sum, file) => sum + file.lines.filter((line) => line.includes(`,${partner},`)).length, 0);

  it('a partner falls to a share, in every leg, and the truth counts the events', () => {
    const scenario = partnerDrop('alder-carrier', from - 12 * hour, to + hour, 0.3);
    const planted = files([scenario]);
    const [before, after] = [clean, planted].map((list) =>
      ['msc-1', 'msc-2', 'smsc'].reduce((sum, feed) => sum + column(list, feed, 'alder-carrier'), 0),
    );
    expect(after! / before!).toBeGreaterThan(0.25);
    expect(after! / before!).toBeLessThan(0.35);
    expect(column(planted, 'msc-1', 'beacon-telecom')).toBe(column(clean, 'msc-1', 'beacon-telecom'));
    expect(records(planted, 'rating')).toBeLessThan(records(clean, 'rating'));
    expect(Math.abs(scenario.truth().records - (before! - after!))).toBeLessThan(0.03 * before!);
  });

  it('a surge makes new messages, not repeats', () => {
    const planted = files([messageSurge('alder-carrier', from + hour, from + 2 * hour, 4)]);
    expect(records(planted, 'smsc')).toBeGreaterThan(records(clean, 'smsc'));
    const references = of(planted, 'smsc').flatMap((file) => file.lines.map((line) => line.split(',')[7]));
    expect(new Set(references).size).toBe(references.length);
    expect(of(planted, 'pgw').map((file) => file.lines)).toEqual(of(clean, 'pgw').map((file) => file.lines));
  });

  it('a quiet day is innocent and lowers everything alike', () => {
    const scenario = quietDay(from - 12 * hour, to, 0.5);
    const planted = files([scenario]);
    for (const feed of ['msc-1', 'smsc', 'pgw']) {
      const share = records(planted, feed) / records(clean, feed);
      expect(share, feed).toBeGreaterThan(0.4);
      expect(share, feed).toBeLessThan(0.6);
    }
    expect(scenario.truth().nature).toBe('innocent');
  });

  it('is counted once over two runs that meet', () => {
    const once = partnerDrop('alder-carrier', from, to, 0.3);
    files([once]);
    const twice = partnerDrop('alder-carrier', from, to, 0.3);
    const first = startRun(world, { from, scenarios: [twice] });
    const middle = from + 2 * hour + 1777;
    const count = (files: Iterable<SimulatedFile>): number => [...files].length;
    expect(count(first.until(middle, hour, true))).toBeGreaterThan(0);
    expect(
      count(startRun(world, { from: middle, scenarios: [twice], sequences: first.sequences() }).until(to, hour, true)),
    ).toBeGreaterThan(0);
    expect(twice.truth()).toEqual(once.truth());
  });
});

it('a cut fibre silences its ONTs and shows none online', () => {
  const scenario = ponOutage('olt-1/1', from, to);
  const readings = of(files([scenario]), 'olt-telemetry').flatMap((file) =>
    file.lines.map((line) => JSON.parse(line) as { device: string; metric: string; value: number }),
  );
  const behind = readings.filter(({ device }) => device.startsWith('olt-1/1'));
  expect(behind.length).toBeGreaterThan(10);
  expect(behind.every(({ device, metric, value }) => device === 'olt-1/1' && metric === 'onts_online' && value === 0)).toBe(true);
  expect(readings.some(({ device, value }) => device === 'olt-1/2' && value > 0)).toBe(true);
});

describe('the demo', () => {
  it('plants what it promises, before and after the start of the live stream', () => {
    const now = Date.UTC(2026, 10, 20, 17);
    const scenarios = demoScenarios(now);
    expect(scenarios.length).toBe(13);
    const day = startRun(world, { from: now - 6 * hour, scenarios });
    expect([...day.until(now, hour, true)].length).toBeGreaterThan(30);
    const past = scenarios.filter((scenario) => scenario.truth().from < now && scenario.truth().from > now - 6 * hour);
    expect(past.map((scenario) => scenario.truth().control)).toEqual(['S01', 'S03', 'S10', 'S12', 'usage_volume']);
    for (const scenario of past) expect(scenario.truth().records, scenario.name).toBeGreaterThan(0);
    const later = scenarios.filter((scenario) => scenario.truth().from >= now);
    for (const scenario of later) expect(scenario.truth().records, scenario.name).toBe(0);
    const stream = startRun(world, { from: now, scenarios, sequences: day.sequences() });
    expect([...stream.until(now + 3 * hour, 5 * minute)].length).toBeGreaterThan(100);
    for (const scenario of later) expect(scenario.truth().records, scenario.name).toBeGreaterThan(0);
  });
});
