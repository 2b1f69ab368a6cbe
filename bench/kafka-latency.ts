/**
 * How long a record takes from being produced until its row can be read, at a steady rate: a producer of its own process, a real broker, the
 * source `kafka` with all processors. Each record carries the time at which it was handed to the producer; the row is there when ClickHouse
 * has answered the insert, which the ledger notes as `stored_at`. All clocks are that of one machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect } from '../sql/store.ts';
import { startApacheKafka } from '../test/kafka/apache.ts';
import { kafkaJars } from '../test/kafka/jars.ts';
import { createTopic, loadReference, pipelineOf } from './kafka.ts';
import { startReaders } from './kafka-readers.ts';

const latencySql = `SELECT count() AS records, quantilesExact(0.5, 0.95, 0.99, 1)(toUnixTimestamp64Milli(batch.stored_at) - toInt64(usage.local_sequence)) AS ms
  FROM usage ASOF JOIN (SELECT partition, first, stored_at FROM batches WHERE state = 'stored' AND source = 'switch') AS batch
    ON usage.partition = batch.partition AND usage.position >= batch.first
  WHERE usage.local_sequence >= {since:UInt64}`;

/** Options: `--rate 20000 --seconds 30 --warm 5 --partitions 4 --processes 2 --batch-seconds 0.5`. The first `warm` seconds are not counted. */
export async function benchKafkaLatency(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '20000' },
      seconds: { type: 'string', default: '30' },
      warm: { type: 'string', default: '5' },
      partitions: { type: 'string', default: '4' },
      processes: { type: 'string', default: '1' },
      'batch-seconds': { type: 'string', default: '0' },
    },
  });
  const [rate, seconds, warm, partitions] = [values.rate, values.seconds, values.warm, values.partitions].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-latency-'));
  const kafka = await startApacheKafka({ jars: await kafkaJars(), directory: join(directory, 'kafka') });
  const server = await startServer({ directory: join(directory, 'data'), httpPort: 0, tcpPort: 0 });
  try {
    const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
    await migrate(store);
    await createTopic(kafka.brokers, 'calls', partitions);
    await loadReference(await pipelineOf(store, kafka.brokers, 'none'));
    const records = rate * (seconds + warm);
    const readers = await startReaders({
      processes: Number(values.processes),
      url: server.url,
      password: server.credentials.weir,
      brokers: kafka.brokers,
      topic: 'calls',
      packed: 1,
      batch: 0,
      batchSeconds: Number(values['batch-seconds']),
    });
    readers.begin();
    await sleep(2000);
    const program = join(import.meta.dirname, 'kafka-load.ts');
    const producer = spawn(
      process.execPath,
      ['--import', 'tsx', program, kafka.brokers, 'calls', ...[records, 1, 0, partitions, rate].map(String)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(producer, 'exit');
    // It makes all records before it sends the first.
    const [said] = (await once(producer.stdout, 'data')) as [Buffer];
    const since = Number(/^began (\d+)/.exec(said.toString())?.[1]) + warm * 1000;
    await ended;
    const took = (Date.now() - since) / 1000 + warm;
    await readers.until(records);
    const used = await readers.end();
    const [row] = await store.select<{ records: string; ms: number[] }>(latencySql, { since });
    const [batches] = await store.select<{ n: string }>("SELECT count() AS n FROM batches WHERE state = 'stored' AND source = 'switch'");
    const [p50, p95, p99, most] = (row?.ms ?? []).map(Number);
    console.log(
      `${records} records in ${took.toFixed(1)} s (${(records / took).toFixed(0)}/s), ${row?.records} measured, ${batches?.n} batches`,
    );
    console.log(`produced to visible, ms: p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${most}`);
    console.log(
      `ingest processes: ${used.map(({ cpu, megabytes }) => `${(cpu / 1e6 / took).toFixed(2)} cores, most resident ${megabytes.toFixed(0)} MB`).join('; ')}; load average ${loadavg()
        .map((one) => one.toFixed(1))
        .join(' ')}`,
    );
    await store.close();
  } finally {
    await kafka.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
