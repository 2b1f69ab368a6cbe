/**
 * The demo, told truly: every fault that the simulated operator plants becomes the right finding with sensible money and times, and
 * nothing else does. Files go through the real pipeline into a real ClickHouse; the clocks of pipeline and detection are moved as the
 * demo moves them (a history loaded in one go, then event time at sixty times the clock), so nothing waits.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import {
  createWorld,
  demoScenarios,
  feedSettings,
  referenceFiles,
  type SimulatedFile,
  startRun,
  type Truth,
} from '../../simulator/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { writeSimulatedFile } from '../demo/writer.ts';
import { completeFile, takeFile } from '../pipeline/file-job.ts';
import { formatOf } from '../pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../pipeline/pipeline.ts';
import type { StandingReceipt } from '../pipeline/receipts.ts';
import { parseSettings } from '../settings/load.ts';
import { type Detection, startDetection } from './start.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** End of the history: a Wednesday, 13:00 where the operator is. */
const historyEnd = Date.UTC(2026, 10, 18, 18);
/** The clock when the live part begins: six hours later, and it passes sixty times as fast. */
const liveAt = historyEnd + 6 * hour;
const step = 5 * minute;
const speed = 60;
/** Event time after which everything that was planted is known. */
const liveTo = historyEnd + 185 * minute;

const clickhouse = withClickHouse();

interface Play {
  readonly said: Finding[];
  readonly failures: readonly string[];
  readonly truths: readonly Truth[];
  /** Findings firing when the history was just loaded. */
  readonly atStart: readonly Finding[];
}

/** Everything the test says of a scope, first to last. */
function about(said: readonly Finding[], detector: string, scope: Record<string, string>): readonly Finding[] {
  return said.filter((each) => each.detector === detector && Object.entries(scope).every(([name, value]) => each.scope[name] === value));
}

async function play(directory: string): Promise<Play> {
  const { store } = clickhouse;
  const sources = feedSettings(directory);
  const settings = { ...parseSettings('tenant: demo\ncountry: US\ncurrency: USD\n', 'test'), sources };
  let now = liveAt - minute;
  const clock = { now: () => now };
  const log = pino({ level: 'silent' });
  const pipeline = await openPipeline({ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'test', log });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources)) {
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [] });
  }
  const take = async (file: SimulatedFile): Promise<void> => {
    const { source, receipts } = ready.get(file.feed)!;
    const pattern = sources[file.feed]!.sequence?.pattern;
    writeSimulatedFile(directory, file);
    const path = join(directory, file.feed, file.name);
    const result = await takeFile(pipeline, {
      source,
      file: await completeFile(path),
      receipts,
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    expect(result.error).toBe('');
    receipts.push(result.receipt);
    rmSync(path);
  };
  /** Feeds side by side as in a pipeline, each in order. Devices and orders are another part of the demo. */
  const takeAll = async (files: Iterable<SimulatedFile>): Promise<void> => {
    const feeds = new Map<string, SimulatedFile[]>();
    for (const file of files) {
      if (file.kind === 'usage') feeds.set(file.feed, [...(feeds.get(file.feed) ?? []), file]);
    }
    await Promise.all(
      [...feeds.values()].map(async (own) => {
        for (const file of own) await take(file);
      }),
    );
  };
  const said: Finding[] = [];
  const failures: string[] = [];
  const detection: Detection = await startDetection({
    store,
    clock,
    settings,
    log: { info: () => undefined, warn: () => undefined, error: (fields) => failures.push(JSON.stringify(fields)) },
    onFindings: (findings) => {
      said.push(...findings);
    },
    everyMs: 0,
    seriesMs: 600_000,
  });

  const world = createWorld({ pons: 2, ontsPerPon: 4 });
  const scenarios = demoScenarios(historyEnd);
  let sequences: Record<string, number> = {};
  /** Files from one instant to another, each `every` long. */
  const load = async (from: number, to: number, every: number): Promise<void> => {
    const run = startRun(world, { from, scenarios, sequences });
    await takeAll(run.until(to, every, true));
    sequences = run.sequences();
  };
  for (const file of referenceFiles(world, historyEnd - 35 * day)) await take(file);
  await pipeline.reference.refresh();
  // Twenty-five days are enough to learn a rhythm from, and hold the innocents.
  for (let at = 25; at > 1; at -= 4) {
    await load(historyEnd - at * day, historyEnd - Math.max(1, at - 4) * day, day);
    now += 5_000;
    await detection.tick();
  }
  await load(historyEnd - day, historyEnd - 6 * hour, day);
  await load(historyEnd - 6 * hour, historyEnd, hour);
  now = liveAt;
  await detection.tick();
  now += 2_500;
  await detection.tick();
  const atStart = detection.firing();
  const run = startRun(world, { from: historyEnd, scenarios, sequences });
  for (let at = historyEnd + step; at <= liveTo; at += step) {
    now = Math.max(now, liveAt + (at - historyEnd) / speed);
    await takeAll(run.until(at, step));
    now += 2_500;
    await detection.tick();
  }
  await detection.stop();
  return { said, failures, truths: scenarios.map((scenario) => scenario.truth()), atStart };
}

/** What has to be found: by control and scope, within which factor of the truth its largest amount lies, and how far its beginning may be off. */
const expected: readonly {
  readonly scenario: string;
  readonly detector: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly factor?: number;
  readonly off?: number;
  readonly title: RegExp;
}[] = [
  { scenario: 'missing-file msc-1', detector: 'S01', scope: { source: 'msc-1' }, factor: 2.5, title: /^msc-1: file \d+ missing$/ },
  {
    scenario: 'truncated-file smsc',
    detector: 'S03',
    scope: { source: 'smsc' },
    factor: 2.5,
    title: /^smsc: 1 file differs from its control totals$/,
  },
  {
    scenario: 'replayed-file pgw',
    detector: 'S10',
    scope: { source: 'pgw', what: 'file' },
    factor: 3,
    off: 2 * hour,
    title: /^pgw: file pgw_.*_resend\.csv came again \(replay\)$/,
  },
  {
    scenario: 'suspense-burst rating',
    detector: 'S12',
    scope: { source: 'rating', reason: 'bad_time' },
    factor: 3,
    title: /^rating: \d\d % of records rejected \(bad_time\)$/,
  },
  {
    scenario: 'partner-drop alder-carrier',
    detector: 'usage_volume',
    scope: { partner: 'alder-carrier', service: 'voice' },
    off: hour,
    title: /^alder-carrier: voice traffic \d\d % below expected$/,
  },
  {
    scenario: 'duplicated-records rating',
    detector: 'S10',
    scope: { source: 'rating', what: 'records' },
    factor: 1.3,
    off: hour,
    title: /^rating: \d+ records came twice$/,
  },
  { scenario: 'missing-file msc-2', detector: 'S01', scope: { source: 'msc-2' }, title: /^msc-2: file \d+ missing$/ },
  {
    scenario: 'suspense-burst pgw',
    detector: 'S12',
    scope: { source: 'pgw', reason: 'bad_number' },
    factor: 5,
    title: /^pgw: \d\d % of records rejected \(bad_number\)$/,
  },
  {
    scenario: 'silent-feed smsc',
    detector: 'S02',
    scope: { source: 'smsc', check: 'silence' },
    factor: 4,
    title: /^smsc: silent for \d+ min$/,
  },
  {
    scenario: 'partner-drop beacon-telecom',
    detector: 'usage_volume',
    scope: { partner: 'beacon-telecom', service: 'voice' },
    off: hour,
    title: /^beacon-telecom: voice traffic \d\d % below expected$/,
  },
  {
    scenario: 'message-surge alder-carrier',
    detector: 'usage_volume',
    scope: { partner: 'alder-carrier', service: 'sms' },
    off: hour,
    title: /^alder-carrier: sms traffic \d+ % above expected$/,
  },
];

/** What may be said beside: another service of a partner whose traffic fell, and the records that a silent feed did not send. */
const consequences: readonly { readonly detector: string; readonly scope: Readonly<Record<string, string>> }[] = [
  // The numbers of the records that a silent feed never sent.
  { detector: 'S04', scope: { node: 'smsc-1' } },
  { detector: 'usage_volume', scope: { partner: 'alder-carrier', leg: 'switch' } },
  // A surge of the messages of the largest partner, as the messages of the leg that rates them.
  { detector: 'usage_volume', scope: { service: 'sms', leg: 'rating', direction: 'up' } },
  { detector: 'usage_volume', scope: { partner: 'beacon-telecom', leg: 'switch' } },
];

/** The truth of a scenario as named above. */
function truthOf(truths: readonly Truth[], name: string): Truth {
  return truths.find(({ scenario, scope }) => name === `${scenario} ${scope['source'] ?? scope['partner']}`)!;
}

describe('the demo', () => {
  let directory = '';
  let result: Play;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'weir-truth-'));
    result = await play(directory);
  }, 1_500_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('every control judges', () => {
    expect(result.failures).toEqual([]);
  });

  it.each(expected)('$scenario is found by $detector', ({ scenario, detector, scope, factor, off = 10 * minute, title }) => {
    const truth = truthOf(result.truths, scenario);
    const found = about(result.said, detector, scope).filter((each) => title.test(each.title));
    expect(
      found.length,
      about(result.said, detector, scope)
        .map((each) => each.title)
        .join('\n'),
    ).toBeGreaterThan(0);
    const began = Math.min(...found.map(({ began_at }) => Date.parse(began_at)));
    expect(Math.abs(began - truth.from), `began ${new Date(began).toISOString()}`).toBeLessThanOrEqual(
      Math.max(off, truth.scope['source'] ? hour : off),
    );
    if (factor !== undefined) {
      const amount = Math.max(...found.map(({ money }) => Number(money?.amount ?? Number.NaN)));
      const true_ = truth.money / 1e6;
      expect(amount / true_, `${amount} for ${true_}`).toBeGreaterThan(1 / factor);
      expect(amount / true_, `${amount} for ${true_}`).toBeLessThan(factor);
    } else expect(found.at(-1)!.money).toBeDefined();
  });

  it('five stand as soon as the history is loaded, the partner and the suspense among them', () => {
    const titles = result.atStart.map((each) => each.title).join('\n');
    expect(result.atStart.length).toBeGreaterThanOrEqual(5);
    expect(titles).toContain('alder-carrier: voice traffic');
    expect(titles).toContain('records rejected (bad_time)');
  });

  it('nothing else is said', () => {
    const known = [...expected, ...consequences];
    const others = result.said.filter(
      (each) =>
        !known.some(
          ({ detector, scope }) => each.detector === detector && Object.entries(scope).every(([name, value]) => each.scope[name] === value),
        ),
    );
    expect(others.map((each) => `${each.state} ${each.title}: ${each.summary}`)).toEqual([]);
    // A silent feed is no drop of its partners.
    const sms = about(result.said, 'usage_volume', { service: 'sms' }).filter(
      ({ direction, began_at }) => direction === 'down' && Date.parse(began_at) >= historyEnd && Date.parse(began_at) < historyEnd + hour,
    );
    expect(sms.map((each) => each.summary)).toEqual([]);
  });

  it('the feed that was silent is cleared when it is back', () => {
    expect(about(result.said, 'S02', { source: 'smsc' }).at(-1)).toMatchObject({ state: 'cleared' });
  });
});
