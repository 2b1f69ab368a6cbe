/** Loads an example of `examples/` through the real pipeline: every file of its directories, in the order of the settings. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline } from '../../app/pipeline/pipeline.ts';
import { loadSettings } from '../../app/settings/load.ts';
import type { Settings } from '../../core/settings/index.ts';
import { root } from '../../docs/generate/pages.ts';
import type { Store } from '../../sql/store.ts';

export interface LoadedExample {
  readonly settings: Settings;
  /** Records stored, by source. */
  readonly stored: Readonly<Record<string, number>>;
}

/** Fails when a file cannot be read, or a record of it is rejected. */
export async function loadExample(store: Store, file: string, now: () => number): Promise<LoadedExample> {
  const settings = loadSettings(join(root, file), {});
  const pipeline = await openPipeline({
    store,
    clock: { now },
    settings,
    pseudonymKey: new Uint8Array(32).fill(7),
    owner: 'test',
    log: pino({ level: 'silent' }),
  });
  const stored: Record<string, number> = {};
  for (const [name, source] of Object.entries(settings.sources)) {
    if (source.type !== 'file') continue;
    const opened = pipeline.source(name, formatOf(name, source), source.country ?? settings.country);
    const names = readdirSync(join(root, source.directory)).sort();
    for (const each of names) {
      const job = {
        source: opened,
        file: await completeFile(join(root, source.directory, each)),
        receipts: [],
        ...(source.sequence ? { sequencePattern: source.sequence.pattern } : {}),
      };
      const { error, totals } = await takeFile(pipeline, job);
      if (error !== '' || totals.rejected > 0) throw new Error(`${name}/${each}: ${error || `${totals.rejected} rejected`}`);
      stored[name] = (stored[name] ?? 0) + totals.stored;
    }
  }
  return { settings, stored };
}
