/**
 * A filled topic to stored rows with both rollups: the source `kafka` (all processors, ledger) against ClickHouse's own Kafka engine, which
 * does no processing, with the same messages, table and rollups. In turn, on one machine; medians and the ratio pair by pair.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { openPipeline, type Pipeline } from '../app/pipeline/pipeline.ts';
import { parseSettings } from '../app/settings/load.ts';
import { presetNamed } from '../ingest/decode/index.ts';
import { kafkaLibrary } from '../ingest/kafka/library.ts';
import { migrate } from '../sql/migrate.ts';
import type { KafkaEngine } from '../sql/server/config.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { startApacheKafka } from '../test/kafka/apache.ts';
import { kafkaJars } from '../test/kafka/jars.ts';
import { shortNames } from './kafka-load.ts';
import { type ReadersOptions, startReaders } from './kafka-readers.ts';
import { type LoadFacts, loadHeader, loadTables } from './load.ts';
import { cpuSeconds } from './process.ts';

const tables = ['usage', 'usage_minute', 'usage_hour', 'usage_keys', 'changed_buckets', 'rejects', 'batches', 'files'];

interface Run {
  readonly seconds: number;
  readonly rows: number;
  /** Processor time per row, us: ClickHouse, and the ingest processes. */
  readonly serverCpu: number;
  readonly ownCpu: number;
  readonly brokerCpu: number;
  /** Most that one ingest process had resident, MB. */
  readonly megabytes: number;
}

/** What each side may be given, tried in turn: `--peers 2/200000,4/500000` is consumers and rows of a block of the Kafka engine. */
interface PeerTuning {
  readonly consumers: number;
  readonly block: number;
}

/**
 * Options: `--records 600000 --runs 3 --packed 1 --partitions 4 --peers 2/200000 --processes 2 --batch 100000 --only ours|peer`. With several peers the
 * ratio is taken to the best of each run.
 */
export async function benchKafka(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '600000' },
      runs: { type: 'string', default: '3' },
      packed: { type: 'string', default: '1' },
      partitions: { type: 'string', default: '4' },
      peers: { type: 'string', default: '2/200000,4/500000' },
      batch: { type: 'string', default: '0' },
      processes: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const [records, packed, partitions] = [Number(values.records), Number(values.packed), Number(values.partitions)];
  const [batch, processes] = [Number(values.batch), Number(values.processes)];
  const peers = values.peers.split(',').map((text): PeerTuning => {
    const [consumers, block] = text.split('/').map(Number);
    return { consumers: consumers ?? 1, block: block ?? 65_536 };
  });
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-kafka-'));
  const kafka = await startApacheKafka({ jars: await kafkaJars(), directory: join(directory, 'kafka') });
  const server = await startServer({ directory: join(directory, 'data'), httpPort: 0, tcpPort: 0, kafkaEngine: peerEngine });
  try {
    const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
    await migrate(store);
    const access = { url: server.url, password: server.credentials.weir };
    await loadReference(await pipelineOf(store, kafka.brokers, 'none'));
    const ours: Run[] = [];
    const peer: Run[] = [];
    for (let run = 0; run <= Number(values.runs); run++) {
      const topic = `load-${run}`;
      await createTopic(kafka.brokers, topic, partitions);
      const facts = fill(kafka.brokers, topic, records, packed, run * records, partitions);
      if (run === 0) console.log(`load: ${records} records, ${(facts.bytes / records).toFixed(0)} bytes each, ${packed} to a message, lz4`);
      const watch = (): ((rows: number) => Run) => stopwatch(server.pid(), kafka.pid());
      if (values.only !== 'ours') {
        const theirs: Run[] = [];
        for (const tuning of peers) theirs.push(await peerRun(store, kafka.brokers, topic, facts, watch, tuning));
        for (const [at, { consumers, block }] of peers.entries())
          say(`Kafka engine, ${consumers} consumers, blocks of ${block}`, theirs[at] as Run);
        if (run > 0) peer.push(theirs.reduce((best, one) => (rateOf(one) > rateOf(best) ? one : best)));
      }
      if (values.only !== 'peer') {
        const own = await ownRun(
          store,
          { ...access, brokers: kafka.brokers, topic, packed, batch, processes, batchSeconds: 0 },
          facts,
          watch,
        );
        say('Weir', own);
        if (run > 0) ours.push(own);
      }
    }
    if (ours.length + peer.length > 0) report(ours, peer);
    await store.close();
  } finally {
    await kafka.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The engine has its default of threads, where a laptop's server has one, and the settings that make Weir's own inserts cheap: without
 * `optimize_on_insert = 0` its rollups would cost several times as much.
 */
const peerEngine: KafkaEngine = { threads: 16, settings: { optimize_on_insert: 0 } };

const rateOf = ({ rows, seconds }: Run): number => rows / seconds;

function say(name: string, run: Run): void {
  console.log(
    `  ${name}: ${rateOf(run).toFixed(0)} rows/s, CPU per row, us: ClickHouse ${run.serverCpu.toFixed(1)}, broker ${run.brokerCpu.toFixed(1)}, ingest ${run.ownCpu.toFixed(1)}`,
  );
}

/** Makes the topic. */
export async function createTopic(brokers: string, topic: string, partitions: number): Promise<void> {
  const library = await kafkaLibrary(console.log);
  const admin = library.AdminClient.create({ 'bootstrap.servers': brokers });
  await new Promise<void>((resolve, reject) =>
    admin.createTopic({ topic, num_partitions: partitions, replication_factor: 1 }, 30_000, (error) => (error ? reject(error) : resolve())),
  );
  admin.disconnect();
}

/** Filled by a process of its own, so that its memory and its garbage are not ours. */
function fill(brokers: string, topic: string, records: number, packed: number, first: number, partitions: number): LoadFacts {
  const program = join(import.meta.dirname, 'kafka-load.ts');
  const result = spawnSync(
    process.execPath,
    ['--import', 'tsx', program, brokers, topic, ...[records, packed, first, partitions].map(String)],
    {
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as LoadFacts;
}

/** What the pipeline of a benchmark may be told. */
interface PipelineChoices {
  /** Records of a message. */
  readonly packed?: number;
  /** Records of a batch; 0 = as by default. */
  readonly batch?: number;
  /** 0 = as by default. */
  readonly batchSeconds?: number;
  readonly owner?: string;
}

/** The pipeline of a source `switch` of one topic. */
export function pipelineOf(
  store: Store,
  brokers: string,
  topic: string,
  { packed = 1, batch = 0, batchSeconds = 0, owner = 'bench' }: PipelineChoices = {},
): Promise<Pipeline> {
  return openPipeline({
    store,
    clock: { now: () => Date.now() },
    settings: parseSettings(
      `tenant: bench\ncountry: US\ncurrency: USD\n${batch > 0 ? `ingest: { batchRecords: ${batch} }\n` : ''}kafka: { brokers: '${brokers}' }\nsources:\n  switch: { type: kafka, topics: [${topic}], group: ${topic}, recordsPerMessage: ${packed},${batchSeconds > 0 ? ` batchSeconds: ${batchSeconds},` : ''} format: weir-json }\n`,
      'bench',
    ),
    pseudonymKey: new Uint8Array(32).fill(7),
    owner,
    log: pino({ level: 'silent' }),
  });
}

/** Stores the enrichment tables of the load. */
export async function loadReference(pipeline: Pipeline): Promise<void> {
  const preset = presetNamed('weir-csv');
  for (const { kind, text } of loadTables()) {
    const source = pipeline.source(`reference-${kind}`, preset!.format({ kind }));
    await pipeline.run(source, { partition: 'reference', file: '', chunks: [Buffer.from(text)] });
  }
}

async function empty(store: Store): Promise<void> {
  for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`);
}

/** By ingest processes of their own, as `kafka.processes` says. */
async function ownRun(store: Store, options: ReadersOptions, facts: LoadFacts, watch: () => (rows: number) => Run): Promise<Run> {
  await empty(store);
  const readers = await startReaders(options);
  const stop = watch();
  readers.begin();
  const rejected = await readers.until(facts.records);
  const run = stop(facts.records - facts.rejected);
  const used = await readers.end();
  if (rejected !== facts.rejected) throw new Error(`${options.topic}: rejected ${rejected}, expected ${facts.rejected}`);
  await check(store, run.rows);
  return {
    ...run,
    ownCpu: used.reduce((sum, { cpu }) => sum + cpu, 0) / run.rows,
    megabytes: Math.max(...used.map(({ megabytes }) => megabytes)),
  };
}

async function check(store: Store, rows: number): Promise<void> {
  const [sums] = await store.select<Record<string, string>>(
    `SELECT (SELECT count() FROM usage) AS usage, (SELECT sum(records) FROM usage_minute) AS minute, (SELECT sum(records) FROM usage_hour) AS hour,
       (SELECT count() FROM usage_keys) AS keys`,
  );
  if (Object.values(sums ?? {}).some((value) => Number(value) !== rows))
    throw new Error(`expected ${rows} rows, found ${JSON.stringify(sums)}`);
}

/** The peer stores the fields as they stand: no validation, no lookup, no pseudonym but a plain hash. What it cannot read it passes over. */
async function peerRun(
  store: Store,
  brokers: string,
  topic: string,
  facts: LoadFacts,
  watch: () => (rows: number) => Run,
  { consumers, block }: PeerTuning,
): Promise<Run> {
  await empty(store);
  const structure = loadHeader
    .split(',')
    .map((name) => `${shortNames[name]} ${peerTypes[name] ?? 'String'}`)
    .join(', ');
  await store.command('DROP TABLE IF EXISTS peer_view SYNC');
  await store.command('DROP TABLE IF EXISTS peer_queue SYNC');
  await store.command(
    `CREATE TABLE peer_queue (${structure}) ENGINE = Kafka SETTINGS kafka_broker_list = '${brokers}', kafka_topic_list = '${topic}',
     kafka_group_name = 'peer-${topic}-${consumers}-${block}', kafka_format = 'JSONEachRow', kafka_num_consumers = ${consumers}, kafka_thread_per_consumer = 1,
     kafka_max_block_size = ${block}, kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 2000, kafka_handle_error_mode = 'stream'`,
  );
  const column = (name: string): string => shortNames[name] as string;
  const plain = (names: readonly string[]): string => names.map(column).join(', ');
  const stop = watch();
  await store.command(
    `CREATE MATERIALIZED VIEW peer_view TO usage (tenant String, source String, partition String, position UInt64, file String, record_id UUID, ingest_time DateTime64(3),
       leg String, service String, direction String, currency String, charging_id String, node String, local_sequence UInt64, subscriber UInt64, other_party UInt64,
       other_party_suffix UInt64, start_time DateTime64(3, 'UTC'), answer_time DateTime64(3, 'UTC'), end_time DateTime64(3, 'UTC'), duration_seconds Float64, billable_seconds Float64, cause UInt16,
       release_side String, final_status String, post_dial_delay_ms UInt32, setup_delay_ms UInt32, trunk_in String, route String, cell String, mcc_mnc String, rat String, tac String,
       session_id String, mos Nullable(Float32), jitter_ms Nullable(Float32), loss_percent Nullable(Float32), charge Decimal(18, 6), tariff String, business_key UInt64) AS
     SELECT 'bench' AS tenant, 'peer' AS source, 'peer' AS partition, _offset AS position, '' AS file, toUUID('00000000-0000-0000-0000-000000000000') AS record_id, now64(3) AS ingest_time,
       'switch' AS leg, 'voice' AS service, 'mo' AS direction, 'USD' AS currency, ${column('CallReference')} AS charging_id, ${column('Switch')} AS node, ${column('Sequence')} AS local_sequence,
       cityHash64(${column('CallingNumber')}) AS subscriber, cityHash64(${column('CalledNumber')}) AS other_party, cityHash64(right(${column('CalledNumber')}, 8)) AS other_party_suffix,
       ${column('StartTime')} AS start_time, ${column('AnswerTime')} AS answer_time, ${column('EndTime')} AS end_time, ${column('Duration')} AS duration_seconds,
       ${column('BillableDuration')} AS billable_seconds, ${column('Cause')} AS cause, ${column('ReleasedBy')} AS release_side, ${column('Result')} AS final_status,
       ${column('PostDialDelay')} AS post_dial_delay_ms, ${column('SetupDelay')} AS setup_delay_ms, ${column('TrunkIn')} AS trunk_in, ${column('TrunkOut')} AS route, ${column('Cell')} AS cell,
       ${column('ServingNetwork')} AS mcc_mnc, ${column('Rat')} AS rat, ${column('Tac')} AS tac, ${column('CallId')} AS session_id, ${column('Mos')} AS mos, ${column('Jitter')} AS jitter_ms,
       ${column('Loss')} AS loss_percent, ${column('Charge')} AS charge, ${column('Tariff')} AS tariff, cityHash64(${column('CallReference')}) AS business_key
     FROM peer_queue WHERE length(_error) = 0 AND ${column('StartTime')} > toDateTime64('2000-01-01 00:00:00', 3, 'UTC') AND ${column('Duration')} >= 0`,
  );
  // `plain` names every field once, so that a name that is missing fails here and not in a comparison.
  if (plain(loadHeader.split(',')).includes('undefined')) throw new Error('a field of the load has no short name');
  const rows = async (): Promise<number> => Number((await store.select<{ rows: string }>('SELECT count() AS rows FROM usage'))[0]?.rows);
  let [last, changed] = [-1, Date.now()];
  // It is through when nothing more comes; the time of the last change is what counts.
  let run = stop(1);
  for (const wanted = facts.records - facts.rejected; ; await sleep(50)) {
    const now = await rows();
    if (now !== last) {
      [last, changed] = [now, Date.now()];
      run = stop(Math.max(1, now));
    }
    if (now >= wanted) break;
    if (now >= wanted * 0.98 && Date.now() - changed > 10_000) break;
    if (Date.now() - changed > 60_000) {
      const told = await store.select<{ text: string }>('SELECT arrayStringConcat(exceptions.text) AS text FROM system.kafka_consumers');
      throw new Error(
        `the Kafka engine stores nothing since ${now} of ${facts.records}: ${told.map(({ text }) => text.slice(-2000)).join('\n')}`,
      );
    }
  }
  await store.command('DROP TABLE peer_view SYNC');
  await store.command('DROP TABLE peer_queue SYNC');
  return run;
}

const peerTypes: Readonly<Record<string, string>> = {
  Sequence: 'UInt64',
  StartTime: "DateTime64(3, 'UTC')",
  AnswerTime: "DateTime64(3, 'UTC')",
  EndTime: "DateTime64(3, 'UTC')",
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

function stopwatch(serverPid: number, brokerPid: number): (rows: number) => Run {
  const [server, broker, own, began] = [cpuSeconds(serverPid), cpuSeconds(brokerPid), process.cpuUsage(), performance.now()];
  return (rows) => {
    const { user, system } = process.cpuUsage(own);
    const seconds = (performance.now() - began) / 1000;
    return {
      seconds,
      rows,
      serverCpu: ((cpuSeconds(serverPid) - server) * 1e6) / rows,
      brokerCpu: ((cpuSeconds(brokerPid) - broker) * 1e6) / rows,
      ownCpu: (user + system) / rows,
      megabytes: 0,
    };
  };
}

function report(ours: readonly Run[], peer: readonly Run[]): void {
  const line = (name: string, values: readonly number[], digits: number): void => {
    if (values.length === 0) return;
    const sorted = [...values].sort((a, b) => a - b);
    const [least, middle, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((value) =>
      (value as number).toFixed(digits).padStart(9),
    );
    console.log(`${name.padEnd(48)} median ${middle}   min ${least}   max ${most}`);
  };
  line('Weir, rows/s', ours.map(rateOf), 0);
  line('Kafka engine, rows/s', peer.map(rateOf), 0);
  if (ours.length === peer.length)
    line(
      'ratio, pair by pair',
      ours.map((run, at) => rateOf(run) / rateOf(peer[at] as Run)),
      2,
    );
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
    'Kafka engine, CPU per row, us: ClickHouse',
    peer.map(({ serverCpu }) => serverCpu),
    2,
  );
  line(
    'broker under Weir, CPU per row, us',
    ours.map(({ brokerCpu }) => brokerCpu),
    2,
  );
  line(
    'broker under the Kafka engine, CPU per row, us',
    peer.map(({ brokerCpu }) => brokerCpu),
    2,
  );
  line(
    'most that an ingest process had resident, MB',
    ours.map(({ megabytes }) => megabytes),
    0,
  );
  console.log(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
}
