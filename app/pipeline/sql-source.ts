/** Runs a source of type sql: queries on a schedule, missed runs made up for, each run stored as a file is, exactly once. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import type { SqlSourceSettings } from '../../core/settings/index.ts';
import { drivers, type SqlConnectOptions, type SqlDriver } from '../../ingest/sql/driver.ts';
import { namesOf, oneStatement } from '../../ingest/sql/query.ts';
import { dueRuns, type Schedule, scheduleOf } from '../../ingest/sql/schedule.ts';
import type { Store } from '../../sql/store.ts';
import { writeFetch } from './fetch-log.ts';
import { secretOf } from './fetch-places.ts';
import { sleepUnless } from './fetch-source.ts';
import { type FileResult, takeFile } from './file-job.ts';
import { isoMillis } from './ledger.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import { clearRun, dataFile, leftRun, type Mark, runQuery, type SqlRun } from './sql-run.ts';

export interface SqlSourceOptions {
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly settings: SqlSourceSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly spool: string;
  /** Key of hashes and of what lies on the disk; that of the pseudonyms. */
  readonly secret: Uint8Array;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onFile: (result: FileResult) => void;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const pauseSeconds = [5, 15, 60, 300];
/** Longest sleep: a clock that is set is noticed by then, in ms. */
const longestSleepMs = 60_000;

/** What the settings of a source say, checked. @throws WeirError config_invalid naming the setting */
export function sqlPlan(name: string, settings: SqlSourceSettings): { query: string; schedule: Schedule; most: number } {
  const place = `sources.${name}`;
  const invalid = (message: string, hint: string): never => {
    throw new WeirError('config_invalid', `${place}: ${message}`, { place, hint });
  };
  if ((settings.query === undefined) === (settings.queryFile === undefined))
    invalid('query or queryFile is needed', 'Give one of the two.');
  if (settings.mode === 'incremental' && !settings.cursor)
    invalid('cursor is missing', 'Name the column that grows, or use "mode: snapshot".');
  if (settings.mode === 'snapshot' && !settings.key) invalid('key is missing', 'Name the columns that identify a row.');
  if ((settings.driver === 'odbc') !== (settings.connection !== undefined))
    invalid(
      settings.driver === 'odbc' ? 'connection is missing' : `connection is for the driver odbc, not for ${settings.driver}`,
      'Driver odbc needs it, as in "connection: Driver={PostgreSQL Unicode};Server=billing.example"; others take host and port.',
    );
  const query = oneStatement(settings.query ?? queryOf(settings.queryFile as string), place);
  const names = namesOf(query);
  for (const used of names)
    if (!['from', 'to', 'cursor'].includes(used) || (used === 'cursor' && settings.mode === 'snapshot'))
      invalid(`the query uses :${used}, which has no value`, 'A query may use :from, :to and, in mode incremental, :cursor.');
  const windows = names.includes('from') || names.includes('to');
  return {
    query,
    schedule: scheduleOf(settings.schedule, settings.scheduleTimeZone, `${place}.schedule`),
    most: windows ? settings.catchUp : 1,
  };
}

function queryOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WeirError('config_unreadable', `${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`, {
      place: file,
      hint: 'The file must exist and be readable by the user that runs Weir.',
    });
  }
}

/** How the database of a source is reached. */
export function sqlConnection(name: string, settings: SqlSourceSettings, environment: SqlSourceOptions['environment']): SqlConnectOptions {
  const { host, port, database, connection, user, tls, timeoutSeconds } = settings;
  const password = secretOf(`sources.${name}`, 'password', settings.passwordFile, settings.passwordEnv, environment) ?? '';
  return { host, port, database, ...(connection ? { connection } : {}), user, password, tls, timeoutMs: timeoutSeconds * 1000 };
}

/** Runs until the signal. */
export async function runSqlSource(options: SqlSourceOptions): Promise<void> {
  const { pipeline, source, settings, log, signal } = options;
  const sleep = options.sleep ?? sleepUnless;
  const { query, schedule, most } = sqlPlan(source.name, settings);
  const driver = await (drivers[settings.driver] as () => Promise<SqlDriver>)();
  const now = (): number => pipeline.clock.now();
  let mark: Mark | undefined;
  let begun = false;
  let failures = 0;
  let saidAt = 0;
  while (!signal.aborted) {
    let dueAt = now();
    try {
      if (!begun) {
        mark = await readMark(pipeline.store, pipeline.settings.tenant, source.name);
        const left = leftRun(options.spool);
        if (left) mark = await storeRun(left, options, driver, schedule);
        begun = true;
      }
      // A run that was cut goes on before the next one.
      for (const due of dueRuns(schedule, mark?.dueAt, now(), most)) {
        dueAt = due;
        for (let more = true; more && !signal.aborted; ) {
          const run = await fetchRun(options, driver, query, schedule, mark, due);
          mark = await storeRun(run, options, driver, schedule);
          more = run.more;
        }
        if (signal.aborted) return;
      }
      failures = 0;
      await sleep(Math.min(longestSleepMs, Math.max(1, (schedule.next(now()) ?? now() + longestSleepMs) - now())), signal);
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof WeirError ? error.code : 'internal';
      const message = error instanceof Error ? error.message : String(error);
      const pause = (pauseSeconds[Math.min(failures, pauseSeconds.length - 1)] as number) * 1000;
      if (failures++ === 0 || now() - saidAt >= 300_000) {
        saidAt = now();
        log.error({ source: source.name, code, error: message }, 'query failed; it is tried again');
        await writeFetch(pipeline.store, pipeline.settings.tenant, {
          source: source.name,
          place: placeOf(settings, driver),
          type: 'sql',
          dueAt,
          nextDueAt: now() + pause,
          startedAt: now(),
          finishedAt: now(),
          state: 'failed',
          code,
          error: message,
        }).catch(() => undefined);
      }
      await sleep(pause, signal);
    }
  }
}

const placeOf = ({ host, port, database, user, tls, timeoutSeconds }: SqlSourceSettings, driver: SqlDriver): string =>
  driver.place({ host, port, database, user, tls, timeoutMs: timeoutSeconds * 1000, password: '' });

async function fetchRun(
  options: SqlSourceOptions,
  driver: SqlDriver,
  query: string,
  schedule: Schedule,
  before: Mark | undefined,
  dueAt: number,
): Promise<SqlRun> {
  const { source, settings, spool, secret } = options;
  const session = await driver.open(sqlConnection(source.name, settings, options.environment));
  try {
    return await runQuery({
      name: source.name,
      settings,
      query,
      driver,
      session,
      directory: spool,
      secret,
      before,
      dueAt,
      previousAt: schedule.last(dueAt - 1000) ?? dueAt,
      now: () => options.pipeline.clock.now(),
    });
  } finally {
    await session.close();
  }
}

/** Stores a run and remembers how far it went: the mark follows the receipt, and the spool is cleared after the mark. */
async function storeRun(run: SqlRun, options: SqlSourceOptions, driver: SqlDriver, schedule: Schedule): Promise<Mark> {
  const { pipeline, source, settings, spool, signal } = options;
  const { tenant } = pipeline.settings;
  const { mark } = run;
  if (run.written > 0) {
    const result = await takeFile(pipeline, {
      source,
      file: { path: dataFile(spool), name: run.name, bytes: run.bytes, modifiedAt: run.modifiedAt },
      spooled: run.sha256,
      signal,
    });
    if (result.state === 'interrupted') throw new WeirError('busy', 'stopped while a run was stored');
    options.onFile(result);
  }
  await pipeline.store.insert(
    'fetch_marks',
    [
      {
        tenant,
        source: source.name,
        due_at: isoMillis(mark.dueAt),
        page: mark.page,
        cursor: mark.cursor,
        known: [...mark.known].map(([hash, value]) => `${hash} ${value}`).join('\n'),
        written_at: isoMillis(pipeline.clock.now()),
      },
    ],
    `${tenant}/${source.name}/${mark.dueAt}/${mark.page}/mark`,
  );
  await writeFetch(pipeline.store, tenant, {
    source: source.name,
    place: placeOf(settings, driver),
    type: 'sql',
    dueAt: mark.dueAt,
    nextDueAt: schedule.next(Math.max(mark.dueAt, pipeline.clock.now())) ?? 0,
    startedAt: run.startedAt,
    finishedAt: pipeline.clock.now(),
    state: 'ok',
    files: run.written > 0 ? 1 : 0,
    bytes: run.bytes,
    rows: run.rows,
    ...run.counts,
    columns: run.columns,
  });
  await clearRun(spool);
  return mark;
}

async function readMark(store: Store, tenant: string, source: string): Promise<Mark | undefined> {
  const [row] = await store.rows<{ due_ms: string; page: number; cursor: string; known: string }>('fetch-mark', { tenant, source });
  if (!row) return undefined;
  const lines = row.known === '' ? [] : row.known.split('\n');
  const known = new Map(lines.map((line) => [line.slice(0, 16), BigInt(line.slice(17))] as const));
  return { dueAt: Number(row.due_ms), page: Number(row.page), cursor: row.cursor, known };
}
