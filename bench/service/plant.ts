/** The network of a simulated operator at work: its files go through the real pipeline, by a clock that moves with the event time. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { writeSimulatedFile } from '../../app/demo/writer.ts';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../../app/pipeline/pipeline.ts';
import type { StandingReceipt } from '../../app/pipeline/receipts.ts';
import { parseSettings } from '../../app/settings/load.ts';
import type { Settings } from '../../core/settings/index.ts';
import { feedSettings, type Scenario, type SimulatedFile, startRun, type World } from '../../simulator/index.ts';
import type { Store } from '../../sql/store.ts';

const second = 1000;
const day = 86_400_000;
/** Time from the closing of a file to the look at it: its transfer, and a moment. */
const afterMs = 7 * second;
/** What the network writes itself, at once, and its devices. */
const feeds = new Set(['msc-1', 'msc-2', 'smsc', 'pgw', 'olt-telemetry']);

export const tenant = 'bench';

export interface Plant {
  readonly settings: Settings;
  readonly clock: { now(): number };
  /** Moves the clock on without anything happening. */
  wait(ms: number): void;
  /** Moves on to an instant and takes the files closed on the way. @param flush closes every file, in one step */
  step(to: number, flush?: boolean): Promise<void>;
  take(file: SimulatedFile): Promise<void>;
  /** Reads the reference data that was taken. */
  refresh(): Promise<void>;
  /** Numbers of the last files, for a run that goes on from here. */
  sequences(): Record<string, number>;
}

export interface PlantOptions {
  readonly store: Store;
  readonly world: World;
  /** Where its files are written. */
  readonly inbox: string;
  /** First instant, ms. */
  readonly from: number;
  readonly scenarios: readonly Scenario[];
  /** Of an earlier run that ended at `from`. */
  readonly sequences?: Readonly<Record<string, number>>;
}

/** The settings of the operator: its time zone, and its free days in its calendar; this place keeps no others. */
function settingsText({ offsetMinutes, freeDays }: World): string {
  const days = freeDays.map((free) => ({ date: new Date(free * day).toISOString().slice(0, 10), name: 'free day' }));
  const hours = -offsetMinutes / 60;
  return JSON.stringify({
    ...{ tenant, country: 'US', currency: 'USD', timeZone: `Etc/GMT${hours < 0 ? '' : '+'}${hours}` },
    calendars: { home: { country: '', days } },
  });
}

export async function openPlant({ store, world, inbox, from, scenarios, sequences }: PlantOptions): Promise<Plant> {
  const sources = Object.fromEntries(
    Object.entries(feedSettings(inbox, world)).filter(([name]) => feeds.has(name) || name.startsWith('ref-')),
  );
  const settings = { ...parseSettings(settingsText(world), 'bench'), sources };
  let now = from;
  const clock = { now: () => now };
  const pipeline = await openPipeline({
    ...{ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'bench' },
    log: pino({ level: 'silent' }),
  });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources))
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [] });
  const take = async (file: SimulatedFile): Promise<void> => {
    const known = ready.get(file.feed);
    if (!known) return;
    const pattern = sources[file.feed]!.sequence?.pattern;
    writeSimulatedFile(inbox, file);
    const path = join(inbox, file.feed, file.name);
    const result = await takeFile(pipeline, {
      ...{ source: known.source, file: await completeFile(path), receipts: known.receipts },
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    if (result.error !== '') throw new Error(`${file.name}: ${result.error}`);
    known.receipts.push(result.receipt);
    if (known.receipts.length > 200) known.receipts.shift();
    rmSync(path);
  };
  const run = startRun(world, { from, scenarios, feeds: (feed) => feeds.has(feed), ...(sequences ? { sequences } : {}) });
  return {
    settings,
    clock,
    wait(ms) {
      now += ms;
    },
    async step(to, flush = false) {
      const files = [...run.until(to, to - run.now(), flush)];
      now = to + afterMs;
      // The nodes send by themselves: none waits for another.
      await Promise.all(files.map(take));
    },
    take,
    async refresh() {
      await pipeline.reference.refresh();
    },
    sequences: () => run.sequences(),
  };
}
