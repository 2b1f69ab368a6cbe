/** Takes simulated files through the real pipeline into a store. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { writeSimulatedFile } from '../../app/demo/writer.ts';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../../app/pipeline/pipeline.ts';
import type { StandingReceipt } from '../../app/pipeline/receipts.ts';
import { parseSettings } from '../../app/settings/load.ts';
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import { feedSettings, type SimulatedFile, type World } from '../../simulator/index.ts';
import type { Store } from '../../sql/store.ts';

export const tenant = 'bench';

/** Receipts of each feed: what the pipeline has to know of a past that it did not see. */
export type Receipts = Readonly<Record<string, readonly StandingReceipt[]>>;

export interface Intake {
  readonly settings: Settings;
  /** Feeds side by side, each in order. Rejects when a file cannot be taken in. */
  take(files: readonly SimulatedFile[]): Promise<void>;
  /** Reads the reference data that has come. */
  refresh(): Promise<boolean>;
  records(): number;
  receipts(): Receipts;
}

/** Settings of the operator, whose files come into an inbox. Everything else is as shipped. */
export const settingsOf = (world: World, inbox: string): Settings => ({
  ...parseSettings(
    `tenant: ${tenant}\ncountry: US\ncurrency: USD\ntimeZone: America/New_York\nreconciliation:\n  enabled: true\n`,
    'bench',
  ),
  sources: feedSettings(inbox, world),
});

/** @param inbox directory for the files, each of which is removed when it is stored. @param past receipts of what was stored before */
export async function openIntake(store: Store, clock: Clock, world: World, inbox: string, past: Receipts = {}): Promise<Intake> {
  const settings = settingsOf(world, inbox);
  const { sources } = settings;
  const log = pino({ level: 'silent' });
  const pipeline = await openPipeline({ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'bench', log });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources))
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [...(past[name] ?? [])] });
  let records = 0;
  const one = async (file: SimulatedFile): Promise<void> => {
    const { source, receipts } = ready.get(file.feed)!;
    const from = sources[file.feed]!;
    const pattern = from.type === 'file' ? from.sequence?.pattern : undefined;
    writeSimulatedFile(inbox, file);
    const path = join(inbox, file.feed, file.name);
    const result = await takeFile(pipeline, {
      source,
      file: await completeFile(path),
      receipts,
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    if (result.error !== '') throw new Error(`${file.name}: ${result.error}`);
    receipts.push(result.receipt);
    records += result.totals.stored;
    rmSync(path);
  };
  return {
    settings,
    async take(files) {
      const feeds = new Map<string, SimulatedFile[]>();
      for (const file of files) feeds.set(file.feed, [...(feeds.get(file.feed) ?? []), file]);
      await Promise.all(
        [...feeds.values()].map(async (own) => {
          for (const file of own) await one(file);
        }),
      );
    },
    refresh: () => pipeline.reference.refresh(),
    records: () => records,
    receipts: () => Object.fromEntries([...ready].map(([name, { receipts }]) => [name, receipts])),
  };
}
