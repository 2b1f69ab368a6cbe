/** Runs a source of type sftp or s3: looks at every place of it, fetches what is complete, stores it, puts it away. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import type { FetchSourceSettings } from '../../core/settings/index.ts';
import { completeness } from '../../ingest/fetch/complete.ts';
import type { OpenRemote, Remote } from '../../ingest/fetch/remote.ts';
import { sweep } from '../../ingest/fetch/spool.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { fetchedOf, writeFetch } from './fetch-log.ts';
import { type FetchStore, openFetchStore } from './fetch-store.ts';
import type { FileResult } from './file-job.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';

export interface FetchSourceOptions {
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly settings: FetchSourceSettings;
  /** The places of the source, without credentials, and how each is opened. */
  readonly places: readonly { readonly place: string; readonly open: OpenRemote }[];
  /** Where fetched files lie until they are stored: a directory of this source. */
  readonly spool: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onFile: (result: FileResult) => void;
  readonly onLook?: (facts: { waiting: number; pending: number }) => void;
  /** Waits; tests let a clock of their own go on. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Pauses after a failure, in seconds; the last one repeats. */
const pauseSeconds = [1, 2, 5, 10, 30, 60];
/** A failure that lasts is written down again after so long, in ms. */
const repeatMs = 300_000;
/** A clock that is ahead by more is worth a word, in ms. */
const clockMs = 60_000;

export const sleepUnless = (ms: number, signal: AbortSignal): Promise<void> => sleepFor(ms, undefined, { signal }).catch(() => undefined);

/** Runs until the signal. A place that fails is tried again and never stops the others. */
export async function runFetchSource(options: FetchSourceOptions): Promise<void> {
  const { pipeline, source, settings, log, signal } = options;
  const sleep = options.sleep ?? sleepUnless;
  let store: FetchStore | undefined;
  for (let failures = 0; !store && !signal.aborted; failures++) {
    try {
      const known = await fetchedOf(pipeline.store, pipeline.settings.tenant, source.name);
      store = await openFetchStore(
        {
          pipeline,
          source,
          after: settings.after,
          moveTo: settings.moveTo,
          sequencePattern: settings.sequence?.pattern,
          parallel: settings.parallel,
          signal,
          onFile: options.onFile,
          onLeft: (file, error) =>
            log.warn(
              { source: source.name, file: file.name, error: error.message },
              'stored file cannot be put away; it is not taken again',
            ),
        },
        known,
      );
    } catch (error) {
      log.error({ source: source.name, error: messageOf(error) }, 'source cannot begin; it is tried again');
      await sleep((pauseSeconds[Math.min(failures, pauseSeconds.length - 1)] as number) * 1000, signal);
    }
  }
  if (!store) return;
  const opened = store;
  await Promise.all(options.places.map((at) => runPlace(at, options, opened, sleep)));
}

async function runPlace(
  { place, open }: FetchSourceOptions['places'][number],
  options: FetchSourceOptions,
  store: FetchStore,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { pipeline, source, settings, log, signal } = options;
  const now = (): number => pipeline.clock.now();
  const spool = join(options.spool, createHash('sha256').update(place).digest('hex').slice(0, 16));
  const judge = completeness({
    pattern: settings.pattern,
    complete: settings.type === 's3' ? (settings.quietSeconds > 0 ? 'quiet' : 'rename') : settings.complete,
    quietSeconds: settings.quietSeconds,
    markerSuffix: settings.type === 'sftp' ? settings.markerSuffix : '',
    taken: store.taken,
  });
  const written = { at: 0, code: '', ok: false };
  let remote: Remote | undefined;
  let failures = 0;
  let clockSaid = false;
  while (!signal.aborted) {
    const startedAt = now();
    const run = { source: source.name, place, type: settings.type, dueAt: startedAt, startedAt };
    try {
      remote ??= await open(signal);
      const { files: listed, aheadMs } = await remote.list();
      const { files, waiting } = judge(listed, now());
      options.onLook?.({ waiting, pending: files.length });
      const ahead = aheadMs ?? clockAhead(listed, now());
      if (Math.abs(ahead) > clockMs && !clockSaid) {
        log.warn({ source: source.name, place, ahead_seconds: Math.round(ahead / 1000) }, 'the clock over there differs from ours');
        clockSaid = true;
      }
      await sweep(spool, listed);
      const fetched = fetchAhead(files, {
        remote,
        directory: spool,
        parallel: settings.parallel,
        maxBytes: pipeline.settings.ingest.maxSpoolBytes,
        signal,
        onLeft: (file, error) => log.warn({ source: source.name, file: file.name, code: error.code }, 'file left for later'),
      });
      const brought = await store.store(fetched, remote);
      if (signal.aborted) break;
      if (waiting === 0) await store.settle(remote);
      failures = 0;
      // A look that brings nothing is not worth a row, but for the first one and the one that ends a failure.
      if (brought.files > 0 || !written.ok || now() - written.at > 12 * repeatMs) {
        await writeFetch(pipeline.store, pipeline.settings.tenant, {
          ...run,
          nextDueAt: now() + settings.everySeconds * 1000,
          finishedAt: now(),
          state: 'ok',
          files: brought.files,
          bytes: brought.bytes,
          rows: brought.rows,
          columns: brought.header === '' ? [] : brought.header.split(/[,;|\t]/).map((column) => column.trim().replaceAll('"', '')),
          ...(Math.abs(ahead) > clockMs ? { aheadMs: ahead } : {}),
        });
        Object.assign(written, { at: now(), code: '', ok: true });
      }
      await sleep(settings.everySeconds * 1000, signal);
    } catch (error) {
      await remote?.close().catch(() => undefined);
      remote = undefined;
      if (signal.aborted) break;
      const code = error instanceof WeirError ? error.code : 'internal';
      const pause = (pauseSeconds[Math.min(failures++, pauseSeconds.length - 1)] as number) * 1000;
      if (written.code !== code || written.ok || now() - written.at > repeatMs) {
        log.error({ source: source.name, place, code, error: messageOf(error) }, 'source failed; it is tried again');
        await writeFetch(pipeline.store, pipeline.settings.tenant, {
          ...run,
          nextDueAt: now() + pause,
          finishedAt: now(),
          state: 'failed',
          code,
          error: messageOf(error),
        }).catch(() => undefined);
        Object.assign(written, { at: now(), code, ok: false });
      }
      await sleep(pause, signal);
    }
  }
  await remote?.close().catch(() => undefined);
}

/** Files from the future say that the clock over there is ahead at least so far, in ms. */
function clockAhead(files: readonly { readonly modifiedAt: number }[], now: number): number {
  return files.reduce((most, { modifiedAt }) => Math.max(most, modifiedAt - now), 0);
}

/** What may be said of a failure: never more than its own message. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
