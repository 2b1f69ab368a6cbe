/** Runs one watched directory: looks, takes complete files in order of name, writes receipts, moves or deletes what is stored. */
import { mkdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import type { FileSourceSettings } from '../../core/settings/index.ts';
import { type CompleteFile, directoryWatcher } from '../../ingest/file/watch.ts';
import { type FileResult, takeFile } from './file-job.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import { receiptsOf, type StandingReceipt } from './receipts.ts';

export interface FileSourceOptions {
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly settings: FileSourceSettings;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called for each file that is done, and with `waiting` files still being written. */
  readonly onFile: (result: FileResult) => void;
  readonly onLook?: (facts: { waiting: number; pending: number }) => void;
}

/** Pauses after a failure that is not the file's, in ms: ClickHouse away, directory unreadable. The last one repeats. */
const pauses = [1000, 2000, 5000, 10_000, 30_000];

/** Runs until the signal; one bad file never stops the next. */
export async function runFileSource(options: FileSourceOptions): Promise<void> {
  const { pipeline, source, settings, log, signal } = options;
  const receipts: StandingReceipt[] = await receiptsOf(pipeline.store, pipeline.settings.tenant, source.name);
  const finished = new Set(receipts.filter(({ state }) => state !== 'reading').map(signature));
  const look = directoryWatcher({
    directory: settings.directory,
    pattern: settings.pattern,
    complete: settings.complete,
    quietSeconds: settings.quietSeconds,
    now: () => pipeline.clock.now(),
    // What is to be put away and still lies here was stored by a process that died before it could: it is put away now.
    taken: (file) => settings.after === 'keep' && finished.has(signature(file)),
  });
  const left = new Set<string>();
  // A file that cannot be opened or is still being written stays where it is, and is tried again at the next look.
  const leave = (file: CompleteFile, error: unknown): undefined => {
    if (!(error instanceof WeirError) || !error.code.startsWith('file_')) throw error;
    if (!left.has(file.path)) log.warn({ source: source.name, file: file.name, code: error.code }, 'file left for later');
    left.add(file.path);
  };
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { files, waiting } = await look();
      options.onLook?.({ waiting, pending: files.length });
      for (const file of files) {
        if (signal.aborted) return;
        if (finished.has(signature(file))) {
          await putAway(file, settings).catch((error: unknown) => leave(file, error));
          continue;
        }
        const result = await takeFile(pipeline, {
          source,
          file,
          receipts,
          signal,
          ...(settings.sequence ? { sequencePattern: settings.sequence.pattern } : {}),
        }).catch((error: unknown) => leave(file, error));
        if (!result) continue;
        if (result.state === 'interrupted') return;
        receipts.push(result.receipt);
        finished.add(signature(file));
        options.onFile(result);
        await putAway(file, settings);
      }
      failures = 0;
      await sleep(pipeline.settings.ingest.scanSeconds * 1000, undefined, { signal }).catch(() => undefined);
    } catch (error) {
      const pause = pauses[Math.min(failures++, pauses.length - 1)] as number;
      log.error(
        { source: source.name, error: error instanceof WeirError ? { code: error.code, message: error.message } : error, pause_ms: pause },
        'source failed; it is tried again',
      );
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What tells one file from another without reading it. */
const signature = (file: { name: string; bytes: number; modifiedAt: number }): string => `${file.name}\n${file.bytes}\n${file.modifiedAt}`;

async function putAway(file: CompleteFile, settings: FileSourceSettings): Promise<void> {
  if (settings.after === 'keep') return;
  try {
    if (settings.after === 'delete') return await unlink(file.path);
    const target = settings.moveTo ?? join(dirname(file.path), 'done');
    await mkdir(target, { recursive: true });
    await rename(file.path, join(target, file.name));
  } catch (error) {
    throw new WeirError(
      'file_unreadable',
      `${file.path}: stored, but cannot be ${settings.after === 'move' ? 'moved' : 'deleted'}: ${(error as Error).message}`,
      {
        place: file.path,
        hint: 'The file is not taken again. Give Weir the right to write in the directory, or use "after: keep".',
        cause: error,
      },
    );
  }
}
