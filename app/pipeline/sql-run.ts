/** One run of a query: rows into a file of the spool, with what has to be remembered once it is stored beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WeirError } from '../../core/errors.ts';
import type { SqlSourceSettings } from '../../core/settings/index.ts';
import type { SqlDriver, SqlParameter, SqlSession } from '../../ingest/sql/driver.ts';
import { closed, type Extracted, extract, rowHash } from '../../ingest/sql/extract.ts';
import { bind, cursorOf, incremental, limited, type QueryNames } from '../../ingest/sql/query.ts';
import { diffOf, readSnapshot, type SnapshotCounts, writeSnapshot } from '../../ingest/sql/snapshot.ts';
import { writeWhole } from '../data-directory.ts';

/** Where the query of a source goes on. */
export interface Mark {
  /** Time of the schedule, ms since 1970. */
  readonly dueAt: number;
  readonly page: number;
  /** Newest cursor that is stored; empty = none yet. */
  readonly cursor: string;
  /** Keyed hashes of the rows within the overlap, with the cursor of each. */
  readonly known: ReadonlyMap<string, bigint>;
}

/** What a run left in the spool, ready to be stored. */
export interface SqlRun {
  readonly mark: Mark;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly startedAt: number;
  readonly rows: number;
  readonly written: number;
  readonly counts: SnapshotCounts;
  readonly columns: readonly string[];
  /** The run was cut by maxRows: the next page follows at once. */
  readonly more: boolean;
}

export interface RunGiven {
  readonly name: string;
  readonly settings: SqlSourceSettings;
  readonly query: string;
  readonly driver: SqlDriver;
  readonly session: SqlSession;
  readonly directory: string;
  readonly secret: Uint8Array;
  readonly before: Mark | undefined;
  readonly dueAt: number;
  /** The run before in the schedule. */
  readonly previousAt: number;
  readonly now: () => number;
}

/** Rows within the overlap that are remembered. */
const mostKnown = 2_000_000;

export const dataFile = (directory: string): string => join(directory, 'run.ndjson');
const factsFile = (directory: string): string => join(directory, 'run.json');
export const snapshotFile = (directory: string): string => join(directory, 'snapshot');

const time = (ms: number): SqlParameter => ({ kind: 'time', value: BigInt(ms) * 1000n });

/** Runs the query and leaves its rows in the spool. */
export async function runQuery(given: RunGiven): Promise<SqlRun> {
  await mkdir(given.directory, { recursive: true, mode: 0o700 });
  return given.settings.mode === 'snapshot' ? runSnapshot(given) : runIncremental(given);
}

async function runIncremental(given: RunGiven): Promise<SqlRun> {
  const { settings, driver, before, dueAt, secret } = given;
  const startedAt = given.now();
  const place = `sources.${given.name}`;
  const page = before && before.dueAt === dueAt ? before.page + 1 : 0;
  const cursorName = settings.cursor as string;
  const newest = before ? cursorOf(before.cursor) : undefined;
  const overlap = newest && BigInt(Math.round(newest.kind === 'time' ? settings.overlap * 1e6 : settings.overlap));
  // The next page goes on at its cursor: the overlap was read by the first one.
  const from = newest && { ...newest, value: newest.value - (page > 0 ? 0n : (overlap as bigint)) };
  const names: QueryNames = { from: time(given.previousAt), to: time(dueAt), cursor: from ?? { kind: 'time', value: 0n } };
  // Known rows that are read again do not count.
  const again = from ? [...(before?.known.values() ?? [])].filter((value) => value >= from.value).length : 0;
  const limit = settings.maxRows + again;
  const { sql, parameters } = bind(incremental(given.query, driver, cursorName, from !== undefined, limit), names, driver, place);
  const rows = await given.session.run(sql, parameters, limit);
  const at = rows.columns.findIndex(({ name }) => name === cursorName);
  if (at < 0) throw noColumn(place, cursorName);
  const seen = new Map<string, bigint>(before?.known ?? []);
  let last = before?.cursor ?? '';
  let lastValue = newest?.value;
  const run = new Date(dueAt).toISOString();
  const extracted = await extract(rows, `${dataFile(given.directory)}.part`, (row, text) => {
    const cursor = cursorOf(row[at]);
    if (!cursor) throw badCursor(place, cursorName);
    if (lastValue === undefined || cursor.value > lastValue) {
      lastValue = cursor.value;
      last = String(row[at]);
    }
    const hash = rowHash(secret, text);
    if (seen.has(hash)) return undefined;
    seen.set(hash, cursor.value);
    return closed(text, { _run: run });
  });
  const more = extracted.rows >= limit;
  if (more && extracted.written === 0)
    throw new WeirError('source_too_large', `${place}: more than ${settings.maxRows} rows have the same ${cursorName}`, {
      place,
      hint: 'Raise maxRows, or take a finer cursor.',
    });
  const kind = cursorOf(last)?.kind;
  const back = BigInt(Math.round(kind === 'time' ? settings.overlap * 1e6 : settings.overlap));
  const known = new Map([...seen].filter(([, value]) => lastValue !== undefined && value >= lastValue - back));
  if (known.size > mostKnown)
    throw new WeirError('source_too_large', `${place}: more than ${mostKnown} rows within the overlap`, {
      place,
      hint: 'Make the overlap shorter.',
    });
  const counts = { added: extracted.written, changed: 0, removed: 0 };
  return leave(given, extracted, { dueAt, page, cursor: last, known }, counts, startedAt, more);
}

async function runSnapshot(given: RunGiven): Promise<SqlRun> {
  const { settings, driver, dueAt, directory, secret } = given;
  const startedAt = given.now();
  const place = `sources.${given.name}`;
  const names: QueryNames = { from: time(given.previousAt), to: time(dueAt) };
  const { sql, parameters } = bind(limited(given.query, driver, settings.maxRows + 1), names, driver, place);
  const rows = await given.session.run(sql, parameters, settings.maxRows + 1);
  for (const key of settings.key ?? []) if (!rows.columns.some(({ name }) => name === key)) throw noColumn(place, key);
  const before = await readSnapshot(snapshotFile(directory), secret);
  const diff = diffOf(before, rows.columns, settings.key ?? [], secret, { _run: new Date(dueAt).toISOString() });
  let count = 0;
  const writer: typeof diff.writer = (row, text) => {
    if (++count > settings.maxRows)
      throw new WeirError('source_too_large', `${place}: more than ${settings.maxRows} rows`, {
        place,
        hint: 'Raise maxRows, or cut the query; a snapshot that is not whole would show rows as removed.',
      });
    return diff.writer(row, text);
  };
  // An empty table is more likely an accident over there than the end of all rows: nothing is taken for removed.
  const extracted = await extract(rows, `${dataFile(directory)}.part`, writer, () => (count === 0 ? [] : diff.removed()));
  if (count > 0) await writeSnapshot(`${snapshotFile(directory)}.next`, diff.now, secret);
  return leave(given, extracted, { dueAt, page: 0, cursor: '', known: new Map() }, diff.counts, startedAt, false);
}

async function leave(
  given: RunGiven,
  extracted: Extracted,
  mark: Mark,
  counts: SnapshotCounts,
  startedAt: number,
  more: boolean,
): Promise<SqlRun> {
  const stamp = new Date(mark.dueAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const run: SqlRun = {
    mark,
    name: `${given.name}_${stamp}${mark.page > 0 ? `_${mark.page + 1}` : ''}.ndjson`,
    sha256: extracted.sha256,
    bytes: extracted.bytes,
    modifiedAt: given.now(),
    startedAt,
    rows: extracted.rows,
    written: extracted.written,
    counts,
    columns: extracted.columns.map(({ name, type }) => `${name} ${type}`),
    more,
  };
  await rename(`${dataFile(given.directory)}.part`, dataFile(given.directory));
  const known = [...mark.known].map(([hash, value]) => [hash, String(value)]);
  writeWhole(factsFile(given.directory), JSON.stringify({ ...run, mark: { ...mark, known } }), 0o600);
  return run;
}

/** A run that a process left behind before it was stored. */
export function leftRun(directory: string): SqlRun | undefined {
  if (!existsSync(factsFile(directory)) || !existsSync(dataFile(directory))) return undefined;
  const run = JSON.parse(readFileSync(factsFile(directory), 'utf8')) as SqlRun & { mark: { known: [string, string][] } };
  return { ...run, mark: { ...run.mark, known: new Map(run.mark.known.map(([hash, value]) => [hash, BigInt(value)])) } };
}

/** Makes the snapshot of a stored run that of the next comparison, and clears the spool. */
export async function clearRun(directory: string): Promise<void> {
  const next = `${snapshotFile(directory)}.next`;
  if (existsSync(next)) await rename(next, snapshotFile(directory));
  await rm(factsFile(directory), { force: true });
  await rm(dataFile(directory), { force: true });
}

const noColumn = (place: string, name: string): WeirError =>
  new WeirError('query_failed', `${place}: the query gives no column ${name}`, {
    place,
    hint: 'Name it in the SELECT, in the same letters.',
  });

const badCursor = (place: string, name: string): WeirError =>
  new WeirError('query_failed', `${place}: the cursor ${name} is neither a time nor a whole number, or is empty`, {
    place,
    hint: 'Take a column that is never empty, or leave such rows out in the query.',
  });
