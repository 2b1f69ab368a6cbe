import { describe, expect, it } from 'vitest';
import { eventsOfHour } from './event.ts';
import { type SimulatedFile, textOf, totalsOf, trailerLine } from './file.ts';
import { day, hour, minute } from './instant.ts';
import { history, live } from './operate.ts';
import { startRun } from './run.ts';
import { createWorld } from './world.ts';

const small = { subscribers: 300, eventsPerDay: 2400, pons: 4, ontsPerPon: 4 } as const;
const world = createWorld(small);
const from = Date.UTC(2026, 10, 18, 5);
const text = (files: Iterable<SimulatedFile>): string => [...files].map((file) => `${file.name}\n${[...textOf(file)].join('')}`).join('');
const rows = (files: Iterable<SimulatedFile>, feed: string): string[] =>
  [...files].flatMap((file) => (file.feed === feed ? file.lines : []));
/** The row without the running number that depends on where the run began. */
const unnumbered = (line: string): string => line.replace(/,([0-9a-f]{16}),\d+,/, ',$1,');
const sorted = (lines: string[]): string[] => lines.map(unnumbered).sort();

describe('determinism', () => {
  it('the same seed gives the same bytes, another seed others', () => {
    const make = (seed: number): string => text(history(createWorld({ ...small, seed }), { from, to: from + day }));
    const first = make(7);
    expect(first.length).toBeGreaterThan(500_000);
    expect(make(7) === first).toBe(true);
    expect(make(8) === first).toBe(false);
  });

  it('an hour is the same whatever was generated before it', () => {
    const number = Math.floor(from / hour);
    const alone = eventsOfHour(world, number + 30);
    for (let i = 0; i < 5; i++) eventsOfHour(world, number + i * 7);
    expect(eventsOfHour(world, number + 30)).toEqual(alone);
  });

  it('long files, short files and two runs that meet hold the same records once each', () => {
    const to = from + 12 * hour;
    const whole = [...startRun(world, { from }).until(to, day, true)];
    const parts = [...startRun(world, { from }).until(to, 7 * minute, true)];
    const first = startRun(world, { from });
    const met = [...first.until(from + 5 * hour + 1234, hour, true)];
    met.push(...startRun(world, { from: first.now(), sequences: first.sequences() }).until(to, hour, true));
    for (const feed of ['msc-1', 'msc-2', 'smsc', 'pgw', 'rating', 'host-wholesale', 'olt-telemetry', 'crm-lifecycle']) {
      const all = sorted(rows(whole, feed));
      expect(all.length, feed).toBeGreaterThan(0);
      expect(sorted(rows(parts, feed)), feed).toEqual(all);
      expect(sorted(rows(met, feed)), feed).toEqual(all);
      const numbers = met.filter((file) => file.feed === feed).map((file) => file.sequence);
      expect(numbers, feed).toEqual(numbers.map((_, index) => index + 1));
    }
  });
});

describe('files', () => {
  const files = [...history(world, { from, to: from + 2 * day })];

  it('declare what they hold', () => {
    const usage = files.filter((file) => file.declared);
    expect(usage.length).toBeGreaterThan(20);
    for (const file of usage) {
      expect(file.declared).toEqual(totalsOf(file.figures));
      expect(file.lines.length).toBe(file.declared!.records);
      const body = [...textOf(file)].join('').split('\n');
      expect(body[0]).toBe(`#header,${file.sequence}`);
      expect(body.at(-2)).toBe(trailerLine(file.declared!));
      const columns = body[1]!.split(',');
      let [ms, octets, micro] = [0, 0, 0];
      for (const line of body.slice(2, -2)) {
        const fields = line.split(',');
        const field = (name: string): number => Number(fields[columns.indexOf(name)] ?? 0);
        expect(fields.length).toBe(columns.length);
        ms += Math.round(field('duration_seconds') * 1000);
        octets += field('octets_up') + field('octets_down');
        micro += Math.round((field('charge') + field('wholesale_charge')) * 1e6);
      }
      expect([ms, octets, micro], file.name).toEqual([file.declared!.durationMs, file.declared!.octets, file.declared!.charge]);
    }
  });

  it('hold only what was closed in their window, and every call ends after it starts', () => {
    for (const file of files.filter(({ feed }) => feed === 'msc-1' || feed === 'pgw')) {
      const columns = file.head[1]!.split(',');
      for (const line of file.lines) {
        const fields = line.split(',');
        const start = Date.parse(fields[columns.indexOf('start_time')]!);
        const end = Date.parse(fields[columns.indexOf('end_time')]!);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThan(file.to);
        expect(end - start).toBeLessThanOrEqual(4 * hour);
      }
    }
  });

  it('of telemetry and life cycle are JSON in order of time', () => {
    for (const file of files.filter(({ kind }) => kind === 'measurement' || kind === 'lifecycle')) {
      const times = file.lines.map((line) => Date.parse((JSON.parse(line) as { event_time: string }).event_time));
      expect(times.every((time, i) => time >= file.from && time < file.to && (i === 0 || time >= times[i - 1]!))).toBe(true);
    }
  });

  it('of reference data come first and know every plan, cell and partner that usage names', () => {
    expect(files.slice(0, 7).map(({ kind }) => kind)).toEqual([
      'partner',
      'tariff',
      'cell',
      'prefix_zone',
      'cause_mapping',
      'topology_edge',
      'subscription',
    ]);
    const known = (feed: string): Set<string> => new Set(rows(files, feed).map((line) => line.split(',')[0]!));
    const column = (feed: string, name: string): Set<string> => {
      const at = files
        .find((file) => file.feed === feed)!
        .head[1]!.split(',')
        .indexOf(name);
      return new Set(rows(files, feed).map((line) => line.split(',')[at]!));
    };
    expect([...column('msc-1', 'partner')].every((partner) => known('ref-partners').has(partner))).toBe(true);
    expect([...column('pgw', 'cell')].every((cell) => cell === '' || known('ref-cells').has(cell))).toBe(true);
    expect([...column('rating', 'plan')].every((plan) => known('ref-tariffs').has(plan))).toBe(true);
  });
});

describe('rhythm', () => {
  it('is busy by day, quiet by night and lower at the weekend', () => {
    const calls = (start: number, hours: number): number => {
      let sum = 0;
      for (let i = 0; i < hours; i++)
        sum += eventsOfHour(world, Math.floor(start / hour) + i).filter(({ service }) => service === 'voice').length;
      return sum;
    };
    const localMidnight = from;
    const night = calls(localMidnight + hour, 4);
    const noon = calls(localMidnight + 10 * hour, 4);
    expect(noon).toBeGreaterThan(10 * night);
    const workday = calls(localMidnight, 24);
    const sunday = calls(localMidnight + 4 * day, 24);
    expect(workday).toBeGreaterThan(800);
    expect(sunday).toBeLessThan(0.8 * workday);
  });

  it('is heavy-tailed: the busiest tenth makes a third to three quarters', () => {
    const activity = createWorld({ subscribers: 2000 })
      .subscriberList.map(({ perHour }) => perHour.voice + perHour.sms + perHour.data)
      .sort((a, b) => b - a);
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    const share = sum(activity.slice(0, 200)) / sum(activity);
    expect(share).toBeGreaterThan(0.33);
    expect(share).toBeLessThan(0.75);
  });
});

it('live goes on without end in short steps', () => {
  const stream = live(world, { from: from + 8 * hour, step: 5 * minute });
  const taken = Array.from({ length: 40 }, () => stream.next().value as SimulatedFile);
  expect(taken.every((file) => (file.lines.length > 0 || file.declared !== undefined) && file.to > file.from)).toBe(true);
  expect(taken.at(-1)!.to).toBeGreaterThan(taken[0]!.to);
});
