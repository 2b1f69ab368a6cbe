/**
 * `npm run bench -- ingest [--records 1000000] [--runs 5] [--without VIEW,VIEW]`: CSV file to stored rows with the rollups and the side table: the whole pipeline (decode, all processors, Native insert, ledger) against
 * ClickHouse's own `INSERT SELECT FROM file(CSV)` into the same tables with the same materialised views, which does no processing.
 * In turn, several times, on one machine and one server; medians and the ratio pair by pair. Without a materialised view it says what that view costs.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { completeFile, takeFile } from '../app/pipeline/file-job.ts';
import { openPipeline, type Pipeline } from '../app/pipeline/pipeline.ts';
import { parseSettings } from '../app/settings/load.ts';
import { WeirError } from '../core/errors.ts';
import { formatOfMapping, presetNamed } from '../ingest/decode/index.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { type LoadFacts, loadHeader, loadMapping, loadTables } from './load.ts';
import { writeLoad } from './load-file.ts';

const tables = ['usage', 'usage_minute', 'usage_hour', 'usage_keys', 'quality_minute', 'changed_buckets', 'rejects', 'batches', 'files'];

interface Run {
  readonly seconds: number;
  readonly rows: number;
  /** Processor time of ClickHouse and of this process per row, in us; NaN where the system does not tell. */
  readonly serverCpu: number;
  readonly ownCpu: number;
}

/** Begins to measure a run. */
function stopwatch(serverPid: number): (rows: number) => Run {
  const serverBefore = cpuOf(serverPid);
  const ownBefore = process.cpuUsage();
  const started = performance.now();
  return (rows) => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(ownBefore);
    return { seconds, rows, serverCpu: (cpuOf(serverPid) - serverBefore) / rows, ownCpu: (user + system) / rows };
  };
}

/** Processor time of a process so far, in us, as Linux counts it in hundredths of a second. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

export async function benchIngest(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '5' },
      without: { type: 'string', default: '' },
    },
  });
  const records = Number(values.records);
  const without = values.without.split(',').filter((view) => view !== '');
  if (without.some((view) => !/^[a-z_]+_from_[a-z_]+$/.test(view)))
    throw new WeirError('usage', '--without wants names of views', { hint: 'E.g. quality_minute_from_usage.' });
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const server = await startServer({ directory: join(directory, 'data'), httpPort: 0, tcpPort: 0 });
  try {
    const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
    await migrate(store);
    for (const view of without) await store.command(`DROP VIEW weir.${view}`);
    const load = join(directory, 'load.csv');
    const pipeline = await openPipeline({
      store,
      clock: { now: () => Date.now() },
      settings: parseSettings('tenant: bench\ncountry: US\ncurrency: USD\n', 'bench'),
      pseudonymKey: new Uint8Array(32).fill(7),
      owner: 'bench',
      log: pino({ level: 'silent' }),
    });
    await loadReference(pipeline);
    const ours: Run[] = [];
    const peer: Run[] = [];
    for (let run = 0; run <= Number(values.runs); run++) {
      // New records for each run: who was a stranger in the last one must not be known in this one.
      const facts = writeLoad(load, records, run * records);
      if (run === 0) console.log(`load: ${records} records, ${(statSync(load).size / 2 ** 20).toFixed(0)} MiB, 1 % to be rejected`);
      const theirs = await peerRun(store, load, server.pid());
      const own = await ownRun(pipeline, load, facts, server.pid());
      if (run === 0) continue;
      peer.push(theirs);
      ours.push(own);
    }
    report(ours, peer, process.memoryUsage.rss());
    await store.close();
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function loadReference(pipeline: Pipeline): Promise<void> {
  const preset = presetNamed('weir-csv');
  for (const { kind, text } of loadTables()) {
    const source = pipeline.source(`reference-${kind}`, preset!.format({ kind }));
    const { totals } = await pipeline.run(source, { partition: 'reference', file: '', chunks: [Buffer.from(text)] });
    if (totals.rejected > 0) throw new Error(`${kind}: ${totals.rejected} reference rows rejected`);
  }
  await pipeline.reference.refresh();
}

async function empty(store: Store): Promise<void> {
  for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`);
}

async function ownRun(pipeline: Pipeline, load: string, facts: LoadFacts, serverPid: number): Promise<Run> {
  await empty(pipeline.store);
  const source = pipeline.source('switch', formatOfMapping(loadMapping, 'mapping'), 'US');
  const file = await completeFile(load);
  const stop = stopwatch(serverPid);
  const { totals, error } = await takeFile(pipeline, { source, file });
  const run = stop(totals.stored);
  if (error) throw new Error(error);
  if (totals.rejected !== facts.rejected) throw new Error(`rejected ${totals.rejected}, expected ${facts.rejected}`);
  await check(pipeline.store, facts.records - facts.rejected, facts);
  return run;
}

async function check(store: Store, rows: number, facts?: LoadFacts): Promise<void> {
  const [sums] = await store.select<{ usage: string; minute: string; hour: string; keys: string; billable: number; charge: string }>(
    `SELECT (SELECT count() FROM usage) AS usage, (SELECT sum(records) FROM usage_minute) AS minute, (SELECT sum(records) FROM usage_hour) AS hour,
       (SELECT count() FROM usage_keys) AS keys, (SELECT sum(billable_seconds) FROM usage_minute) AS billable, (SELECT sum(charge) FROM usage_hour) AS charge`,
  );
  if (Number(sums?.usage) !== rows || Number(sums?.minute) !== rows || Number(sums?.hour) !== rows || Number(sums?.keys) !== rows) {
    throw new Error(`expected ${rows} rows, found ${JSON.stringify(sums)}`);
  }
  if (
    facts &&
    (Math.abs(Number(sums?.billable) - facts.billableSeconds) > 1e-3 || Math.round(Number(sums?.charge) * 1e6) !== facts.charge)
  ) {
    throw new Error(`sums differ: ${JSON.stringify(sums)} against ${JSON.stringify(facts)}`);
  }
}

/**
 * The peer reads the same file with the types of the columns and stores it as it stands: no validation, no lookup, no pseudonym but a plain
 * hash. It has the settings that make Weir's own inserts cheap: `optimize_on_insert = 0`, large blocks; and two insert threads.
 */
async function peerRun(store: Store, load: string, serverPid: number): Promise<Run> {
  await empty(store);
  const structure = loadHeader
    .split(',')
    .map((name) => `${name} ${peerTypes[name] ?? 'String'}`)
    .join(', ');
  const stop = stopwatch(serverPid);
  await store.command(
    `INSERT INTO usage (tenant, source, partition, position, file, record_id, ingest_time, leg, service, direction, currency, charging_id, node, local_sequence, subscriber, other_party,
       other_party_suffix, start_time, answer_time, end_time, duration_seconds, billable_seconds, cause, release_side, final_status, post_dial_delay_ms, setup_delay_ms, trunk_in, route, cell,
       mcc_mnc, rat, tac, session_id, mos, jitter_ms, loss_percent, charge, tariff, business_key)
     SELECT 'bench', 'peer', 'peer', rowNumberInAllBlocks(), 'load.csv', toUUID('00000000-0000-0000-0000-000000000000'), now64(3), 'switch', 'voice', 'mo', 'USD', CallReference, Switch, Sequence,
       cityHash64(CallingNumber), cityHash64(CalledNumber), cityHash64(right(CalledNumber, 8)), StartTime, AnswerTime, EndTime, Duration, BillableDuration, Cause, ReleasedBy, Result,
       PostDialDelay, SetupDelay, TrunkIn, TrunkOut, Cell, ServingNetwork, Rat, Tac, CallId, Mos, Jitter, Loss, Charge, Tariff, cityHash64(CallReference)
     FROM file('${load}', 'CSVWithNames', '${structure}')
     SETTINGS input_format_allow_errors_num = 1000000, input_format_allow_errors_ratio = 1, input_format_csv_empty_as_default = 1, optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 200000, max_block_size = 200000`,
  );
  const [row] = await store.select<{ rows: string }>('SELECT count() AS rows FROM usage');
  const run = stop(Number(row?.rows));
  await check(store, run.rows);
  return run;
}

const peerTypes: Readonly<Record<string, string>> = {
  Sequence: 'UInt64',
  StartTime: "DateTime64(3, ''UTC'')",
  AnswerTime: "DateTime64(3, ''UTC'')",
  EndTime: "DateTime64(3, ''UTC'')",
  Duration: 'Float64',
  BillableDuration: 'Float64',
  Cause: 'UInt16',
  PostDialDelay: 'UInt32',
  SetupDelay: 'UInt32',
  Mos: 'Nullable(Float32)',
  Jitter: 'Nullable(Float32)',
  Loss: 'Nullable(Float32)',
  Charge: 'Decimal(18, 6)',
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

function report(ours: readonly Run[], peer: readonly Run[], rss: number): void {
  const rate = (run: Run) => run.rows / run.seconds;
  const ratios = ours.map((run, i) => rate(run) / rate(peer[i] as Run));
  const line = (name: string, values: readonly number[], digits: number) =>
    console.log(
      `${name.padEnd(44)} median ${median(values).toFixed(digits).padStart(9)}   min ${Math.min(...values)
        .toFixed(digits)
        .padStart(9)}   max ${Math.max(...values)
        .toFixed(digits)
        .padStart(9)}`,
    );
  line('Weir, rows/s', ours.map(rate), 0);
  line('INSERT SELECT FROM file(CSV), rows/s', peer.map(rate), 0);
  line('ratio (must reach 0.6)', ratios, 2);
  const all = ({ serverCpu, ownCpu }: Run): number => serverCpu + ownCpu;
  line(
    'Weir, CPU per row, us: ingest process',
    ours.map(({ ownCpu }) => ownCpu),
    2,
  );
  line(
    'Weir, CPU per row, us: ClickHouse',
    ours.map(({ serverCpu }) => serverCpu),
    2,
  );
  line(
    'INSERT SELECT, CPU per row, us: ClickHouse',
    peer.map(({ serverCpu }) => serverCpu),
    2,
  );
  line(
    'ratio of the CPU per row, peer by Weir',
    ours.map((run, i) => (peer[i] as Run).serverCpu / all(run)),
    2,
  );
  console.log(
    `${'load average during the runs'.padEnd(44)}        ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  console.log(`${'ingest process: resident at the end, MB'.padEnd(44)}        ${(rss / 1e6).toFixed(0).padStart(9)}`);
}
