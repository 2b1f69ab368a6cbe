/** A source that fetches, run as the ingest process runs it, with a pipeline of its own. For tests, and as a process that tests kill. */
import { pino } from 'pino';
import { placesOf } from '../../app/pipeline/fetch-places.ts';
import { type FetchSourceOptions, runFetchSource } from '../../app/pipeline/fetch-source.ts';
import type { FileResult } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type Pipeline } from '../../app/pipeline/pipeline.ts';
import { parseSettings } from '../../app/settings/load.ts';
import type { FetchSourceSettings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';

/** How the rows of the tests are read: number, start, seconds. */
export const rowsMapping = `mapping:
      format: csv
      kind: usage
      header: true
      constants: { leg: switch, service: voice }
      columns: { subscriber_number: number, start_time: start, duration_seconds: seconds }`;

/** So many rows, of which no two files of a test have the same. */
export function rowsOf(file: number, rows: number): string {
  const lines = ['number,start,seconds'];
  for (let row = 0; row < rows; row++)
    lines.push(
      `1202555${String(row % 10_000).padStart(4, '0')},2026-11-0${1 + (row % 9)}T00:00:${String(row % 60).padStart(2, '0')}Z,${file}`,
    );
  return `${lines.join('\n')}\n`;
}

export interface RunningSource {
  readonly pipeline: Pipeline;
  readonly results: FileResult[];
  /** Resolves when so many files were taken, and rejects after the deadline. */
  taken(files: number, deadlineMs?: number): Promise<void>;
  /** Resolves when a look sees so many files that are not complete. */
  waiting(files: number): Promise<void>;
  /** Resolves after a look that began later than this call found nothing to take. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface SourceGiven {
  readonly store: Store;
  /** `weir.yaml` with one source, "partner". */
  readonly yaml: string;
  readonly spool: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: { now(): number };
  readonly sleep?: FetchSourceOptions['sleep'];
  readonly log?: (line: string) => void;
}

export async function startSource(given: SourceGiven): Promise<RunningSource> {
  const settings = parseSettings(given.yaml, 'test');
  const source = settings.sources['partner'] as FetchSourceSettings;
  const write = given.log;
  const log = write ? pino({ level: 'debug' }, { write }) : pino({ level: 'silent' });
  const clock = given.clock ?? { now: () => Date.now() };
  const pipeline = await openPipeline({
    store: given.store,
    clock,
    settings,
    pseudonymKey: new Uint8Array(32).fill(7),
    owner: `test:${process.pid}`,
    log,
  });
  const stopping = new AbortController();
  const results: FileResult[] = [];
  const wakes = new Set<() => void>();
  let looks = 0;
  let seen = -1;
  const running = runFetchSource({
    pipeline,
    source: pipeline.source('partner', formatOf('partner', source), 'US'),
    settings: source,
    places: placesOf('partner', source, given.environment ?? {}),
    spool: given.spool,
    log,
    signal: stopping.signal,
    onFile: (result) => {
      results.push(result);
      for (const wake of wakes) wake();
    },
    onLook: ({ pending, waiting }) => {
      seen = waiting;
      looks = pending + waiting === 0 ? looks + 1 : 0;
      for (const wake of wakes) wake();
    },
    ...(given.sleep ? { sleep: given.sleep } : {}),
  });
  const until = (what: string, done: () => boolean, deadlineMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!done()) return;
        clearTimeout(timer);
        wakes.delete(check);
        resolve();
      };
      const timer = setTimeout(() => reject(new Error(`${what}: ${results.length} files taken`)), deadlineMs);
      wakes.add(check);
      check();
    });
  return {
    pipeline,
    results,
    taken: (files, deadlineMs = 60_000) => until(`waiting for ${files} files`, () => results.length >= files, deadlineMs),
    waiting: (files) => {
      seen = -1;
      return until(`waiting for a look that sees ${files} files`, () => seen === files, 60_000);
    },
    idle: () => {
      looks = 0;
      return until('waiting for an idle look', () => looks >= 2, 60_000);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** What the tables hold of the source. */
export async function storedOf(store: Store): Promise<{ rows: number; distinct: number; balanced: boolean; inFlight: number }> {
  const [rows] = await store.select<{ rows: string; ids: string }>(
    "SELECT count() AS rows, uniqExact(record_id) AS ids FROM usage WHERE tenant = 'fetch' AND source = 'partner'",
  );
  const [line] = await store.select<{ balanced: boolean; proved: boolean; in_flight: string }>(
    "SELECT balanced, proved, in_flight FROM accounting WHERE tenant = 'fetch' AND source = 'partner'",
  );
  return {
    rows: Number(rows?.rows),
    distinct: Number(rows?.ids),
    balanced: line === undefined || (Boolean(line.balanced) && Boolean(line.proved)),
    inFlight: Number(line?.in_flight ?? 0),
  };
}
