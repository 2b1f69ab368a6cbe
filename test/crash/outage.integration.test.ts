/**
 * ClickHouse is gone for a while and records keep coming: Kafka holds them, the ingest process stays small, nothing is dropped, and it goes
 * on by itself. WEIR_OUTAGE_SECONDS=600 makes it the ten minutes of docs/kafka.md; the default is short, with as many records waiting.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaHealth } from '../../app/api/kafka-health.ts';
import { askLocal } from '../../app/api/local.ts';
import { openDataDirectory } from '../../app/data-directory.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { startClickHouse } from '../clickhouse.ts';
import { startKafka, type TestKafka } from '../kafka.ts';
import { until } from '../support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../support/proof.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { chosenSeed, seededRandom } from '../support/random.ts';
import { type RoleProcess, startRole } from '../support/role-process.ts';
import { noTruth, usageMessages } from '../support/usage-topic.ts';

const seconds = Number(process.env['WEIR_OUTAGE_SECONDS'] ?? 8);
const partitions = 4;
/** Records that come in each second of the outage. */
const perSecond = Math.max(2000, Math.round(120_000 / seconds));
const gigabyte = 1_073_741_824;
const root = mkdtempSync(join(tmpdir(), 'weir-outage-'));

let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let kafka: TestKafka;
let proxy: TcpProxy;
let ingest: RoleProcess | undefined;

beforeAll(async () => {
  mkdirSync(join(root, 'clickhouse'));
  clickhouse = await startClickHouse(join(root, 'clickhouse'));
  proxy = await startProxy();
  proxy.to(Number(new URL(clickhouse.server.url).port));
  kafka = await startKafka();
  await kafka.createTopic('calls', partitions);
}, 900_000);

afterAll(async () => {
  await ingest?.kill();
  await kafka?.stop();
  await proxy?.stop();
  await clickhouse?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function startIngest(): Promise<RoleProcess> {
  const directory = join(root, 'ingest');
  openDataDirectory(directory);
  writeFileSync(join(root, 'key'), '6b'.repeat(32), { mode: 0o600 });
  const { credentials } = clickhouse.server;
  const url = `http://127.0.0.1:${proxy.port}`;
  return startRole({
    role: 'ingest',
    settings: parseSettings(
      `tenant: main\npseudonyms: { keyFile: ${join(root, 'key')} }\nkafka: { brokers: '${kafka.brokers}' }\nsources:\n  calls: { type: kafka, topics: [calls], format: weir-json }\n`,
      'weir.yaml',
    ),
    dataDirectory: directory,
    owner: { url, user: 'weir', password: credentials.weir },
    analyst: { url, user: 'analyst', password: credentials.analyst },
    demo: false,
  });
}

/** Most memory that the process ever had, in bytes. */
const peakOf = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

async function read(): Promise<number> {
  const [row] = await clickhouse.store.select<{ rows: string }>(
    "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = 'calls' AND state = 'stored'",
  );
  return Number(row?.rows ?? 0);
}

async function waiting(socket: string): Promise<number> {
  const metrics = JSON.parse((await askLocal(socket, '/metrics', { timeoutMs: 5000 })).body) as {
    name: string;
    values: { value: number }[];
  }[];
  expect(kafkaHealth(metrics)).toBeDefined();
  return Math.max(0, ...(metrics.find(({ name }) => name === 'weir_kafka_waiting_seconds')?.values ?? []).map(({ value }) => value));
}

describe('a ClickHouse that is gone', () => {
  it(`for ${seconds} s costs nothing: Kafka holds the records, memory stays below 1 GB, and it goes on by itself`, async () => {
    const truth = noTruth();
    const random = seededRandom(chosenSeed());
    ingest = await startIngest();
    const { pid } = ingest;
    const socket = ingest.info['socket'] as string;
    await kafka.produce('calls', usageMessages(truth, random, { count: 4000, partitions }));
    await until(async () => (await read()) >= truth.rows, 'the first records are not stored');
    proxy.to(0);
    proxy.cut();
    for (let second = 0; second < seconds; second++) {
      await kafka.produce('calls', usageMessages(truth, random, { first: truth.rows, count: perSecond, partitions }));
      await sleep(1000);
    }
    await until(async () => (await waiting(socket)) > 0, 'that records wait is not shown');
    expect(ingest.ended()).toBe('');
    const during = peakOf(pid);
    proxy.to(Number(new URL(clickhouse.server.url).port));
    await until(async () => (await read()) >= truth.rows, 'it does not go on', 180_000);
    const peak = peakOf(pid);
    console.log(
      `outage of ${seconds} s, ${truth.rows} records: ingest at most ${Math.round(during / 1e6)} MB while it waited, ${Math.round(peak / 1e6)} MB until all was stored`,
    );
    expect(peak).toBeLessThan(gigabyte);
    expect(ingest.ended()).toBe('');
    await expectStoredOnce(clickhouse.store, 'calls', truth);
    await expectRollupsEqualBase(clickhouse.store);
  }, 1_800_000);
});
