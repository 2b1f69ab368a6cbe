/**
 * Kills the ingest process and ClickHouse with SIGKILL at random moments in the middle of files, and between a base table and its
 * rollups, and proves afterwards that every record is there exactly once. WEIR_CRASH_KILLS=100 kills that often, WEIR_SEED=n repeats a run.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { announceRunning, openDataDirectory } from '../../app/data-directory.ts';
import type { RoleStart } from '../../app/roles/role.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { startClickHouse } from '../clickhouse.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../support/proof.ts';
import { chosenSeed, seededRandom } from '../support/random.ts';
import { type RoleProcess, startRole } from '../support/role-process.ts';
import { type UsageTruth, writeUsageFile } from '../support/usage-file.ts';
import { weir } from '../support/weir.ts';

const kills = Number(process.env['WEIR_CRASH_KILLS'] ?? 6);
const random = seededRandom(chosenSeed());
/** Two files of it: 300,000 records as long as the kills are few. */
const records = Math.max(150_000, kills * 15_000);
const batchRecords = 5000;

const root = mkdtempSync(join(tmpdir(), 'weir-crash-'));
const sources = ['ingest-killed', 'server-killed', 'between'] as const;
let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let running: RoleProcess | undefined;

beforeAll(async () => {
  openDataDirectory(root);
  for (const source of sources) mkdirSync(join(root, 'inbox', source), { recursive: true });
  clickhouse = await startClickHouse(root);
  console.log(`crash test: seed ${random.seed}, ${kills} kills of each kind, files of ${records} records`);
});

afterEach(async () => {
  await running?.kill();
  running = undefined;
});

afterAll(async () => {
  await clickhouse?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The settings of one test: its own source alone, so that each kind of kill has its own file. */
function settingsOf(source: string): string {
  return `
tenant: main
ingest: { batchRecords: ${batchRecords}, scanSeconds: 0.1 }
sources:
  ${source}: { type: file, format: weir-csv, directory: ${join(root, 'inbox', source)}, complete: rename, pattern: '*.csv' }
`;
}

function roleStart(source: string): RoleStart {
  const { url, credentials } = clickhouse.server;
  return {
    role: 'ingest',
    settings: parseSettings(settingsOf(source), 'weir.yaml'),
    dataDirectory: root,
    owner: { url, user: 'weir', password: credentials.weir },
    analyst: { url, user: 'analyst', password: credentials.analyst },
    demo: false,
  };
}

/** Writes the file under a name that is not taken, then gives it the one that is. */
async function dropFile(source: string, series: number, count: number): Promise<UsageTruth> {
  const path = join(root, 'inbox', source, 'usage.csv');
  const truth = await writeUsageFile(`${path}.part`, { records: count, random, series, brokenEvery: 97 });
  renameSync(`${path}.part`, path);
  return truth;
}

async function readSoFar(source: string): Promise<number> {
  const [row] = await clickhouse.store.select<{ rows: string }>(
    "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = {source:String} AND state = 'stored'",
    { source },
  );
  return Number(row?.rows ?? 0);
}

async function untilRead(source: string, rows: number): Promise<void> {
  const deadline = Date.now() + 240_000;
  while ((await readSoFar(source)) < rows) {
    if (Date.now() > deadline) throw new Error(`${source}: ${await readSoFar(source)} of ${rows} rows after 100 s`);
    await sleep(50);
  }
}

/** Waits until the receipt says stored, which is the last thing that happens to a file. */
async function untilReceipt(source: string): Promise<Record<string, string>> {
  const deadline = Date.now() + 240_000;
  for (;;) {
    const [row] = await clickhouse.store.select<Record<string, string>>(
      'SELECT state, read, stored, rejected, error, event_from, event_to FROM weir.files_latest WHERE source = {source:String}',
      { source },
    );
    if (row?.['state'] === 'stored') return row;
    if (Date.now() > deadline) throw new Error(`${source}: the receipt says ${row?.['state']}`);
    await sleep(50);
  }
}

async function expectAllThere(source: string, truth: UsageTruth): Promise<void> {
  const receipt = await untilReceipt(source);
  const [times] = await clickhouse.store.select<Record<string, string>>(
    'SELECT min(start_time) AS event_from, max(end_time) AS event_to FROM weir.usage WHERE source = {source:String}',
    { source },
  );
  expect(receipt).toEqual({
    state: 'stored',
    read: String(truth.rows),
    stored: String(truth.stored),
    rejected: String(truth.rejected),
    error: '',
    ...times,
  });
  await expectStoredOnce(clickhouse.store, source, truth);
  await expectRollupsEqualBase(clickhouse.store);
}

describe('killed with SIGKILL in the middle of a file', () => {
  it('an ingest process stores every record exactly once', async () => {
    const source = 'ingest-killed';
    const truth = await dropFile(source, 1, records);
    for (let kill = 0; kill < kills; kill++) {
      const before = await readSoFar(source);
      running = await startRole(roleStart(source));
      // Every other time it is killed within the first moments: while it hashes, reads the ledger, or sends the planned batch again.
      if (kill % 2 === 0) await untilRead(source, Math.min(before + batchRecords * random.whole(1, 2), truth.rows - 2 * batchRecords));
      await sleep(random.whole(0, 250));
      await running.kill();
      expect(await readSoFar(source), `kill ${kill + 1} came after the end of the file`).toBeLessThan(truth.rows);
    }
    running = await startRole(roleStart(source));
    await untilRead(source, truth.rows);
    await expectAllThere(source, truth);
  });

  it('ClickHouse loses nothing and counts nothing twice', async () => {
    const source = 'server-killed';
    const truth = await dropFile(source, 2, records);
    running = await startRole(roleStart(source));
    for (let kill = 0; kill < kills; kill++) {
      const before = await readSoFar(source);
      await sleep(random.whole(0, 350));
      process.kill(clickhouse.server.pid(), 'SIGKILL');
      if (kill < kills - 1) await untilRead(source, Math.min(truth.rows, before + batchRecords));
    }
    await untilRead(source, truth.rows);
    await expectAllThere(source, truth);
  });
});

/** Views that do nothing but wait, and what they wait on. */
const waiting = [
  ['wait_a', 'usage'],
  ['wait_b', 'usage'],
  ['wait_c', 'usage'],
  ['wait_d', 'usage_minute'],
] as const;

interface Held {
  usage: string;
  minute: string;
  hour: string;
  keys: string;
  buckets: string;
}

/** What a view writes, and what it writes from. */
const steps = [
  ['minute', 'usage'],
  ['hour', 'minute'],
  ['keys', 'usage'],
  ['buckets', 'minute'],
] as const;

async function held(): Promise<Held> {
  const [row] = await clickhouse.store.select<Held>(`SELECT
    (SELECT count() FROM weir.usage) AS usage, (SELECT sum(records) FROM weir.usage_minute) AS minute,
    (SELECT sum(records) FROM weir.usage_hour) AS hour, (SELECT count() FROM weir.usage_keys) AS keys,
    (SELECT sum(records) FROM weir.changed_buckets WHERE table = 'usage') AS buckets`);
  return row as Held;
}

describe('ClickHouse killed between a table and its rollups', () => {
  it('heals every rollup, with the torn state proved on disk first', async () => {
    const source = 'between';
    const { store } = clickhouse;
    // Views that do nothing but wait keep the moments between the commits open for longer.
    await store.command('CREATE TABLE weir.waiting (tenant String) ENGINE = MergeTree ORDER BY tenant');
    for (const [name, from] of waiting)
      await store.command(
        `CREATE MATERIALIZED VIEW weir.${name} TO weir.waiting AS SELECT tenant FROM weir.${from} WHERE NOT ignore(sleep(0.1))`,
      );
    // Long enough that every torn state is met before the file ends, also on a fast machine.
    const truth = await dropFile(source, 3, 400_000);
    running = await startRole(roleStart(source));
    const torn = new Map<string, number>(steps.map(([step]) => [step, 0]));
    const missing = () => [...torn.values()].some((times) => times === 0);
    for (let attempt = 0; attempt < 40 && missing() && (await readSoFar(source)) < truth.rows; attempt++) {
      const wanted = steps.filter(([step]) => torn.get(step) === 0);
      const deadline = Date.now() + 5000;
      for (let now = await held(); Date.now() < deadline; now = await held())
        if (wanted.some(([step, from]) => Number(now[step]) < Number(now[from]))) break;
      // The ingest process stands still, so that it cannot heal what is to be seen on disk.
      process.kill(running.pid, 'SIGSTOP');
      process.kill(clickhouse.server.pid(), 'SIGKILL');
      await sleep(200);
      const found = await held();
      for (const [step, from] of steps) if (Number(found[step]) < Number(found[from])) torn.set(step, (torn.get(step) ?? 0) + 1);
      process.kill(running.pid, 'SIGCONT');
    }
    for (const [name] of [...waiting, ['waiting']]) await store.command(`DROP TABLE weir.${name} SYNC`);
    console.log(`torn states proved on disk: ${[...torn].map(([step, times]) => `${step} ${times}`).join(', ')}`);
    expect([...torn.values()].every((times) => times > 0)).toBe(true);
    await untilRead(source, truth.rows);
    await expectAllThere(source, truth);
    const end = await held();
    expect(end).toEqual({ usage: end.usage, minute: end.usage, hour: end.usage, keys: end.usage, buckets: end.usage });
  });
});

describe('at the end', () => {
  it('weir accounting proves it', async () => {
    announceRunning(openDataDirectory(root), {
      pid: process.pid,
      tenant: 'main',
      demo: false,
      clickhouseUrl: clickhouse.server.url,
      httpUrl: '',
      startedAt: new Date().toISOString(),
    });
    const result = await weir(['accounting', '--json', '--data', root], { cwd: root });
    expect(result.stderr).toBe('');
    expect(JSON.parse(result.stdout)).toMatchObject({ balanced: true });
    expect(result.code).toBe(0);
  });
});
