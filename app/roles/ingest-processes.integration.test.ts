/** Two ingest processes of one Weir: they share the partitions of a topic, make one key, and only the first takes anything else. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startClickHouse } from '../../test/clickhouse.ts';
import { startKafka, type TestKafka } from '../../test/kafka.ts';
import { until } from '../../test/support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../../test/support/proof.ts';
import { chosenSeed, seededRandom } from '../../test/support/random.ts';
import { type RoleProcess, startRole } from '../../test/support/role-process.ts';
import { noTruth, usageMessages } from '../../test/support/usage-topic.ts';
import { askLocal } from '../api/local.ts';
import { openDataDirectory } from '../data-directory.ts';
import { parseSettings } from '../settings/load.ts';

const root = mkdtempSync(join(tmpdir(), 'weir-processes-'));
const running: RoleProcess[] = [];
let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let kafka: TestKafka;

beforeAll(async () => {
  mkdirSync(join(root, 'clickhouse'));
  clickhouse = await startClickHouse(join(root, 'clickhouse'));
  kafka = await startKafka();
  await kafka.createTopic('calls', 4);
}, 900_000);

afterAll(async () => {
  for (const one of running) await one.kill();
  await kafka?.stop();
  await clickhouse?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Partitions whose lag a process shows. */
async function partitionsOf({ info }: RoleProcess): Promise<readonly string[]> {
  const metrics = JSON.parse((await askLocal(info['socket'] as string, '/metrics', { timeoutMs: 5000 })).body) as {
    name: string;
    values: { labels: { partition: string; role: string } }[];
  }[];
  return (metrics.find(({ name }) => name === 'weir_kafka_lag_messages')?.values ?? []).map(
    ({ labels }) => `${labels.role} ${labels.partition}`,
  );
}

it('share the partitions of a topic, and every record is stored once under one pseudonym', async () => {
  openDataDirectory(join(root, 'data'));
  const { url, credentials } = clickhouse.server;
  const settings = parseSettings(
    `tenant: main
kafka: { brokers: '${kafka.brokers}', processes: 2 }
sources:
  calls: { type: kafka, topics: [calls], format: weir-json, settings: { session.timeout.ms: 6000, heartbeat.interval.ms: 500 } }
  posted: { type: http, format: weir-json }
`,
    'weir.yaml',
  );
  const start = {
    role: 'ingest' as const,
    settings,
    dataDirectory: join(root, 'data'),
    owner: { url, user: 'weir', password: credentials.weir },
    analyst: { url, user: 'analyst', password: credentials.analyst },
    demo: false,
  };
  // At the same time, in a directory that has no key yet.
  running.push(...(await Promise.all([startRole(start), startRole({ ...start, number: 2 })])));
  const truth = noTruth();
  await until(
    async () => (await Promise.all(running.map(partitionsOf))).every((held) => held.length === 2),
    'the partitions are not shared',
    60_000,
  );
  expect((await Promise.all(running.map(partitionsOf))).flat().sort()).toEqual([
    expect.stringMatching(/^ingest \d$/),
    expect.stringMatching(/^ingest \d$/),
    expect.stringMatching(/^ingest-2 \d$/),
    expect.stringMatching(/^ingest-2 \d$/),
  ]);
  const random = seededRandom(chosenSeed());
  await kafka.produce('calls', usageMessages(truth, random, { count: 8000, partitions: 4 }));
  // The same people a day later, in the partition beside: four of them by half a record.
  const again = [...usageMessages(truth, random, { count: 400, partitions: 4, series: 2 })];
  await kafka.produce(
    'calls',
    again.map((message, index) => ({ ...message, partition: (index + 1) % 4 })),
  );
  const read = async (): Promise<number> =>
    Number(
      (
        await clickhouse.store.select<{ rows: string }>(
          "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = 'calls' AND state = 'stored'",
        )
      )[0]?.rows,
    );
  await until(async () => (await read()) >= truth.rows, 'the records are not stored', 60_000);
  await expectStoredOnce(clickhouse.store, 'calls', truth);
  await expectRollupsEqualBase(clickhouse.store);
  // The same numbers under two keys would be twice as many people.
  const [people] = await clickhouse.store.select<{ both: string }>(
    "SELECT count() AS both FROM (SELECT subscriber FROM weir.usage WHERE source = 'calls' GROUP BY subscriber HAVING uniqExact(partition) = 2)",
  );
  expect(people?.both).toBe('396');
  const post = (one: RoleProcess): Promise<{ status: number }> =>
    askLocal(one.info['socket'] as string, '/ingest/posted', { method: 'POST', body: {}, timeoutMs: 5000 });
  expect((await post(running[1] as RoleProcess)).status).toBe(404);
}, 240_000);
