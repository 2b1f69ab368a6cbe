/**
 * A producer writes numbered records to a topic while, at random moments, ingest processes are killed, stopped, frozen and started, ClickHouse
 * is killed, Kafka is killed and started again, and the connections to both are cut. At the end every record is there exactly once.
 * WEIR_CRASH_FAULTS=100 makes that many faults, WEIR_SEED=n repeats a run: `npm run test:crash`.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const faults = Number(process.env['WEIR_CRASH_FAULTS'] ?? 14);
const random = seededRandom(chosenSeed());
const root = mkdtempSync(join(tmpdir(), 'weir-crash-kafka-'));
const source = 'calls';
const partitions = 4;
const sessionMs = 6000;

let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let kafka: TestKafka;
let kafkaProxy: TcpProxy;
let clickhouseProxy: TcpProxy;

/** Up to three ingest processes, each with a directory of its own. */
const instances: (RoleProcess | undefined)[] = [undefined, undefined, undefined];

beforeAll(async () => {
  writeFileSync(join(root, 'key'), '6b'.repeat(32), { mode: 0o600 });
  mkdirSync(join(root, 'clickhouse'));
  clickhouse = await startClickHouse(join(root, 'clickhouse'));
  clickhouseProxy = await startProxy();
  clickhouseProxy.to(Number(new URL(clickhouse.server.url).port));
  kafkaProxy = await startProxy();
  kafka = await startKafka({ proxyPort: kafkaProxy.port });
  if (kafka.server) kafkaProxy.to(kafka.server.behindProxy);
  await kafka.createTopic(source, partitions);
  console.log(`crash test: seed ${random.seed}, ${faults} faults, Kafka: ${kafka.kind}`);
}, 900_000);

afterAll(async () => {
  for (const one of instances) await one?.kill();
  await kafka?.stop();
  await kafkaProxy?.stop();
  await clickhouseProxy?.stop();
  await clickhouse?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Starts that may fail one after the other: ClickHouse or Kafka may have been killed a moment ago, and is not back yet. */
const mostStarts = 10;

/** As the supervisor does: a role that ended before it was ready is started again. */
async function joinAt(at: number): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      return await startAt(at);
    } catch (error) {
      if (failures + 1 >= mostStarts) throw error;
      console.log(`ingest ${at} is started again: ${(error as Error).message}`);
      await sleep(1000);
    }
  }
}

async function startAt(at: number): Promise<void> {
  const directory = join(root, `ingest-${at}`);
  openDataDirectory(directory);
  const brokers = kafka.server ? `127.0.0.1:${kafkaProxy.port}` : kafka.brokers;
  const { credentials } = clickhouse.server;
  instances[at] = await startRole({
    role: 'ingest',
    settings: parseSettings(
      `
tenant: main
ingest: { batchRecords: 700 }
pseudonyms: { keyFile: ${join(root, 'key')} }
logLevel: debug
kafka: { brokers: '${brokers}', client: { session.timeout.ms: ${sessionMs}, heartbeat.interval.ms: 500 } }
sources:
  ${source}: { type: kafka, topics: [${source}], format: weir-json, batchSeconds: 0.1 }
`,
      'weir.yaml',
    ),
    dataDirectory: directory,
    owner: { url: `http://127.0.0.1:${clickhouseProxy.port}`, user: 'weir', password: credentials.weir },
    analyst: { url: `http://127.0.0.1:${clickhouseProxy.port}`, user: 'analyst', password: credentials.analyst },
    demo: false,
  });
}

const running = (): number[] => instances.flatMap((one, at) => (one ? [at] : []));
const anyRunning = (): number | undefined => running()[random.whole(0, Math.max(0, running().length - 1))];

/** Each makes one fault and says which; undefined = it cannot be made now. */
const kinds: readonly (readonly [weight: number, make: () => Promise<string | undefined>])[] = [
  [
    5,
    async () => {
      const at = anyRunning();
      if (at === undefined) return undefined;
      await instances[at]?.kill();
      instances[at] = undefined;
      return 'ingest killed';
    },
  ],
  [
    4,
    async () => {
      try {
        process.kill(clickhouse.server.pid(), 'SIGKILL');
      } catch {
        // It is not back from the last time.
        return undefined;
      }
      return 'ClickHouse killed';
    },
  ],
  [
    1,
    async () => {
      if (!kafka.server) return undefined;
      await kafka.server.kill();
      await sleep(random.whole(0, 500));
      await kafka.server.start();
      return 'Kafka killed and started';
    },
  ],
  [
    3,
    async () => {
      kafkaProxy.cut();
      return 'connections to Kafka cut';
    },
  ],
  [
    4,
    async () => {
      clickhouseProxy.cut();
      return 'connections to ClickHouse cut';
    },
  ],
  [
    3,
    async () => {
      const at = instances.indexOf(undefined);
      if (at < 0) return undefined;
      await joinAt(at);
      return 'instance joined';
    },
  ],
  [
    2,
    async () => {
      const at = anyRunning();
      if (at === undefined || running().length < 2) return undefined;
      await instances[at]?.stop();
      instances[at] = undefined;
      return 'instance left';
    },
  ],
  [
    1,
    async () => {
      const at = anyRunning();
      const one = at === undefined ? undefined : instances[at];
      if (!one || running().length < 2) return undefined;
      process.kill(one.pid, 'SIGSTOP');
      await sleep(sessionMs + random.whole(500, 3000));
      process.kill(one.pid, 'SIGCONT');
      return 'instance frozen until it was replaced';
    },
  ],
];

function drawn(): () => Promise<string | undefined> {
  const all = kinds.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  return all[random.whole(0, all.length - 1)] as () => Promise<string | undefined>;
}

async function read(): Promise<number> {
  const [row] = await clickhouse.store.select<{ rows: string }>(
    "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = {source:String} AND state = 'stored'",
    { source },
  );
  return Number(row?.rows ?? 0);
}

/** What a person needs who looks for the cause. */
async function situation(): Promise<string> {
  const ledger = await clickhouse.store.select(
    `SELECT partition, state, count() AS ranges, min(first) AS least, max(last) AS most, sum(read) AS positions FROM weir.batches_latest
     WHERE source = {source:String} GROUP BY partition, state ORDER BY partition`,
    { source },
  );
  const sent = await kafka.readAll(source, partitions);
  const logs = instances.map((_, at) => {
    const file = join(root, `ingest-${at}`, 'logs', 'ingest.log');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-30).join('\n') : '';
  });
  return [
    `${sent.length} messages in the topic, running: ${running().map((at) => `${at}${instances[at]?.ended() ? ` (ended: ${instances[at].ended()})` : ''}`)}`,
    JSON.stringify(ledger),
    ...logs,
  ].join('\n');
}

/** Waits as long as it moves: how fast is a matter of the machine. */
async function untilReadAll(wanted: () => number): Promise<void> {
  for (let last = -1; ; ) {
    const now = await read();
    if (now >= wanted()) return;
    await until(async () => (await read()) > now, `nothing moves any more at ${now} of ${wanted()} (before: ${last})`, 120_000);
    last = now;
  }
}

async function explained(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    console.log(await situation());
    throw error;
  }
}

describe('a stream of records through Kafka, with everything failing', () => {
  it(`stores each of them once, through ${faults} faults`, async () => {
    const truth = noTruth();
    let producing = true;
    const numbers = seededRandom(random.seed + 1);
    const producer = (async () => {
      for (let first = 0; producing; first += 400) {
        await kafka.produce(source, usageMessages(truth, numbers, { first, count: 400, partitions }));
        await sleep(250);
      }
    })();
    await Promise.all([joinAt(0), joinAt(1)]);
    const made: Record<string, number> = {};
    for (let done = 0; done < faults; ) {
      await sleep(random.whole(0, 1200));
      // Somebody must be there to be disturbed.
      if (running().length === 0) await joinAt(0);
      const fault = await drawn()();
      if (fault === undefined) continue;
      made[fault] = (made[fault] ?? 0) + 1;
      done++;
      if (done % 20 === 0) {
        if (running().length === 0) await joinAt(0);
        const before = await read();
        await explained(until(async () => (await read()) > before, 'nothing moves any more', 120_000));
      }
    }
    console.log(
      Object.entries(made)
        .map(([fault, times]) => `${times} x ${fault}`)
        .join(', '),
    );
    producing = false;
    await producer;
    if (running().length === 0) await joinAt(0);
    await explained(untilReadAll(() => truth.rows));
    console.log(`${truth.rows} records, ${faults} faults`);
    await expectStoredOnce(clickhouse.store, source, truth);
    await expectRollupsEqualBase(clickhouse.store);
    const [ledger] = await clickhouse.store.select('SELECT balanced, proved FROM weir.accounting WHERE source = {source:String}', {
      source,
    });
    expect(ledger).toEqual({ balanced: true, proved: true });
  }, 3_600_000);
});
