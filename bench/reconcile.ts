/**
 * `npm run bench -- reconcile [--records 1,3,10] [--no-peer] [--runs 1] [--data DIR]`: two legs record by record inside ClickHouse, in
 * millions a side, beside DuckDB over Parquet files of the same records. Both sides use two threads. Memory: the most that was resident in
 * the server's process while it worked, and in the peer's. `--data` keeps the records there and takes them up again on the same day.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Comparison } from '../app/reconcile/comparison.ts';
import { type Reconciled, reconcile } from '../app/reconcile/run.ts';
import { parseSettings } from '../app/settings/load.ts';
import { WeirError } from '../core/errors.ts';
import { migrate } from '../sql/migrate.ts';
import { type Server, startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { cpuSeconds, peakOf, resetPeak } from './process.ts';
import type { PeerResult } from './reconcile/duckdb.ts';
import { legsDay, type Planted, storeLegs } from './reconcile/legs.ts';

const million = 1_000_000;
const { tolerances } = parseSettings('', 'bench').reconciliation;
const comparison: Comparison = {
  name: 'switch-billing',
  control: 'S08',
  a: 'switch',
  b: 'billing',
  partner: '',
  compareCharge: 'auto',
  subscriber: 'subscriber',
  tolerances,
};

export async function benchReconcile(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '1,3,10' },
      runs: { type: 'string', default: '1' },
      'no-peer': { type: 'boolean', default: false },
      data: { type: 'string' },
    },
  });
  const sizes = values.records.split(',').map(Number);
  const runs = Number(values.runs);
  if (sizes.some((size) => !(size > 0 && size <= 100)) || !(runs >= 1))
    throw new WeirError('usage', '--records wants millions, e.g. 1,3,10');
  console.log(`load before: ${loadavg()[0]!.toFixed(1)}`);
  for (const size of sizes) await one(Math.round(size * million), runs, !values['no-peer'], values.data);
}

async function one(records: number, runs: number, withPeer: boolean, kept: string | undefined): Promise<void> {
  const directory = kept === undefined ? mkdtempSync(join(tmpdir(), 'weir-bench-')) : resolve(kept, `legs-${records}`);
  mkdirSync(directory, { recursive: true });
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    const planted = await legsIn(directory, server, store, records);
    for (let run = 0; run < runs; run++) {
      await measured(store, server, records, planted);
      if (withPeer) peer(directory, records, planted);
    }
  } finally {
    await store.close();
    await server.stop();
    if (kept === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** What was planted; stores the legs and writes their Parquet files where the directory does not hold those of yesterday. */
async function legsIn(directory: string, server: Server, store: Store, records: number): Promise<Planted> {
  const note = join(directory, 'planted.json');
  if (existsSync(note)) {
    const known = JSON.parse(readFileSync(note, 'utf8')) as { day: number; planted: Planted };
    if (known.day !== legsDay) throw new WeirError('usage', `${directory} holds another day`, { place: '--data', hint: 'Remove it.' });
    return known.planted;
  }
  const planted = await storeLegs(store, records);
  for (const [name, leg] of Object.entries({ a: 'switch', b: 'billing' })) await parquet(server, leg, join(directory, `${name}.parquet`));
  writeFileSync(note, JSON.stringify({ day: legsDay, planted }));
  return planted;
}

async function measured(store: Store, server: Server, records: number, planted: Planted): Promise<void> {
  const pid = server.pid();
  resetPeak(pid);
  const cpu = cpuSeconds(pid);
  const steps: string[] = [];
  let last = performance.now();
  let step = '';
  let cpuBefore = cpu;
  const request = { tenant: 'bench', currency: 'EUR', comparison, window: { from: legsDay, to: legsDay + 86_400_000 } };
  const began = performance.now();
  const result = await reconcile(store, { now: () => Date.now() }, request, (next) => {
    if (next === step) return;
    const cpuNow = cpuSeconds(pid);
    if (step !== '') steps.push(`${step} ${seconds(performance.now() - last)} (${(cpuNow - cpuBefore).toFixed(1)})`);
    last = performance.now();
    cpuBefore = cpuNow;
    step = next;
  });
  const ms = performance.now() - began;
  check('weir', result.counts, planted);
  const [shared] = await store.select<{ shared: string }>(
    `SELECT countIf(record_a != toUUID('00000000-0000-0000-0000-000000000000')) - uniqExactIf(record_a, record_a != toUUID('00000000-0000-0000-0000-000000000000'))
       + countIf(record_b != toUUID('00000000-0000-0000-0000-000000000000')) - uniqExactIf(record_b, record_b != toUUID('00000000-0000-0000-0000-000000000000')) AS shared
     FROM reconciliation_pairs WHERE run = {run:UInt64}`,
    { run: result.run },
    { timeoutMs: 600_000 },
  );
  if (Number(shared?.shared) !== 0) throw new Error('weir: a record is in two pairs');
  console.log(line('weir', records, ms, peakOf(pid), cpuSeconds(pid) - cpu, result.counts));
  console.log(`  ${steps.join(', ')}`);
  for (const { text, records: breaks } of result.causes) console.log(`  ${breaks} breaks: ${text}`);
}

function peer(directory: string, records: number, planted: Planted): void {
  const script = fileURLToPath(new URL('./reconcile/duckdb.ts', import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', script, directory], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the peer failed: ${child.stderr}`);
  const result = JSON.parse(child.stdout.trim().split('\n').at(-1)!) as PeerResult;
  check('duckdb', result, planted);
  if (result.shared !== 0) throw new Error('duckdb: a record is in two pairs');
  console.log(line('duckdb', records, result.ms, result.memory, result.cpuSeconds, result));
}

type Counts = Pick<Reconciled['counts'], 'exact' | 'within_tolerance' | 'mismatch' | 'a_only' | 'b_only'>;

/** Weir must find what was planted, all and only. The peer takes the last record within reach, not the nearest: of a million a few differ. */
function check(side: 'weir' | 'duckdb', found: Counts, planted: Planted): void {
  for (const name of ['a_only', 'b_only', 'mismatch'] as const)
    if (Math.abs(found[name] - planted[name]) > (side === 'weir' ? 0 : 0.01 * planted[name]))
      throw new Error(`${side}: ${name} ${found[name]}, planted ${planted[name]}`);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function line(side: string, records: number, ms: number, memory: number, cpu: number, found: Counts): string {
  const { exact, within_tolerance, mismatch, a_only, b_only } = found;
  return `${side.padEnd(7)} ${(records / million).toString().padStart(3)} M a side  ${seconds(ms).padStart(7)}, ${cpu.toFixed(1)} s of processor, ${(memory / 2 ** 30).toFixed(2)} GiB, ${((ms * 1000) / records).toFixed(2)} us a record pair; exact ${exact}, within ${within_tolerance}, mismatch ${mismatch}, A only ${a_only}, B only ${b_only}`;
}

async function parquet(server: Server, leg: string, file: string): Promise<void> {
  const query = `SELECT record_id, CAST(service, 'String') AS service, subscriber, other_party_suffix, charging_id, partial_sequence, rating_group, start_time, billable_seconds, octets_up, octets_down, charge FROM usage WHERE tenant = 'bench' AND leg = '${leg}' FORMAT Parquet`;
  const headers = { 'X-ClickHouse-User': 'weir', 'X-ClickHouse-Key': server.credentials.weir, 'X-ClickHouse-Database': 'weir' };
  const answer = await fetch(server.url, { method: 'POST', body: query, headers });
  if (!answer.ok || !answer.body) throw new Error(`export failed: ${await answer.text()}`);
  await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(file));
}
