import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { kafkaLibrary } from '../../ingest/kafka/library.ts';
import type { Store } from '../../sql/store.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { withKafka } from '../../test/kafka.ts';
import { until } from '../../test/support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../../test/support/proof.ts';
import { chosenSeed, seededRandom } from '../../test/support/random.ts';
import { noTruth, usageJson, usageMessages } from '../../test/support/usage-topic.ts';
import { parseSettings } from '../settings/load.ts';
import { formatOf } from './format-of.ts';
import type { KafkaLoss } from './kafka-open.ts';
import { type PartitionFacts, runKafkaSource } from './kafka-source.ts';
import { openPipeline } from './pipeline.ts';

const clickhouse = withClickHouse();
const kafka = withKafka();
const random = seededRandom(chosenSeed());

interface Running {
  facts: readonly PartitionFacts[];
  readonly losses: KafkaLoss[];
  stop(): Promise<void>;
}

const all: Running[] = [];
let instances = 0;

afterEach(async () => {
  for (const one of all.splice(0)) await one.stop();
});

/** One instance of a source, as the ingest role runs it. */
async function start(source: string, yaml: string, store: Store = clickhouse.store): Promise<Running> {
  const text = `tenant: main\ningest: { batchRecords: 2000 }\nkafka: { brokers: '${kafka().brokers}' }\nsources:\n  ${source}: { type: kafka, batchSeconds: 0.1, settings: { session.timeout.ms: 6000, heartbeat.interval.ms: 500 }, ${yaml} }\n`;
  const settings = parseSettings(text, 'weir.yaml');
  const named = settings.sources[source];
  if (named?.type !== 'kafka') throw new Error('not a source of topics');
  const log = pino({ level: process.env['WEIR_TEST_LOG'] ?? 'silent' });
  const pipeline = await openPipeline({
    store,
    clock: { now: () => Date.now() },
    settings,
    pseudonymKey: new Uint8Array(32).fill(3),
    owner: `test:${++instances}`,
    log,
  });
  const stopping = new AbortController();
  const running: Running = {
    facts: [],
    losses: [],
    async stop() {
      stopping.abort();
      await done;
    },
  };
  const done = runKafkaSource({
    library: await kafkaLibrary(console.log),
    pipeline,
    source: pipeline.source(source, formatOf(source, named)),
    settings: named,
    kafka: settings.kafka,
    password: '',
    log,
    signal: stopping.signal,
    onLoss: (loss) => running.losses.push(loss),
    onFacts: (facts) => {
      running.facts = facts;
    },
  });
  all.push(running);
  return running;
}

async function read(source: string): Promise<number> {
  const [row] = await clickhouse.store.select<{ rows: string }>(
    "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = {source:String} AND state = 'stored'",
    { source },
  );
  return Number(row?.rows ?? 0);
}

const untilRead = (source: string, rows: number): Promise<void> =>
  until(async () => (await read(source)) >= rows, `${source} has not read ${rows} positions`, 60_000);

const rejects = (source: string): Promise<Record<string, string>[]> =>
  clickhouse.store.select(
    'SELECT partition, toString(position) AS position, reason, detail, length(bytes) AS bytes FROM weir.rejects WHERE source = {source:String} ORDER BY partition, position',
    { source },
  );

describe('a topic of JSON records', () => {
  it('is stored once, with three instances that come and go, and a topic that grows', async () => {
    const truth = noTruth();
    await kafka().createTopic('joined', 3);
    await kafka().produce('joined', usageMessages(truth, random, { count: 9000, partitions: 3 }));
    await start('joined', 'topics: [joined], format: weir-json');
    await untilRead('joined', 2000);
    const second = await start('joined', 'topics: [joined], format: weir-json');
    await kafka().produce('joined', usageMessages(truth, random, { first: 9000, count: 9000, partitions: 3 }));
    await start('joined', 'topics: [joined], format: weir-json');
    await second.stop();
    if (kafka().kind !== 'mock') await kafka().growTopic('joined', 5);
    const partitions = kafka().kind === 'mock' ? 3 : 5;
    await kafka().produce('joined', usageMessages(truth, random, { first: 18_000, count: 9000, partitions }));
    await untilRead('joined', truth.rows);
    await expectStoredOnce(clickhouse.store, 'joined', truth);
    await expectRollupsEqualBase(clickhouse.store);
  });

  it('gives key, headers, time and place to the mapping', async () => {
    await kafka().createTopic('facts', 1);
    const timestamp = Date.UTC(2026, 10, 2, 7, 0, 31);
    await kafka().produce('facts', [{ value: '{"n":"+4915209000001"}', key: 'msc-9', timestamp, headers: { leg: 'rating' } }]);
    await start(
      'facts',
      `topics: [facts], mapping: { format: json, kind: usage, columns: { subscriber_number: n, node: { message: key }, leg: { message: 'header:leg' }, start_time: { message: timestamp }, route: { join: [{ message: topic }, { text: / }, { message: partition }, { text: / }, { message: offset }] } } }`,
    );
    await untilRead('facts', 1);
    expect(
      await clickhouse.store.select("SELECT node, leg, route, start_time, partition, position FROM weir.usage WHERE source = 'facts'"),
    ).toEqual([
      { node: 'msc-9', leg: 'rating', route: 'facts/0/0', start_time: '2026-11-02 07:00:31.000', partition: 'facts/0', position: '0' },
    ]);
  });
});

describe('messages that are no records', () => {
  it('are rejected with their place, and the partition goes on', async () => {
    await kafka().createTopic('bad', 1, { 'max.message.bytes': '30000000' });
    const truth = noTruth();
    const good = (): string => usageJson(truth, truth.rows, random, 1, 0);
    await kafka().produce('bad', [
      { value: good() },
      { value: '' },
      { value: null, key: 'gone' },
      { value: Buffer.from([0xff, 0xfe, 0x7b, 0x7d]) },
      { value: good().slice(0, 40) },
      { value: Buffer.concat([Buffer.from('{"leg":"'), Buffer.alloc(20_000_000, 97), Buffer.from('"}')]) },
      { value: `${good()}\n${good()}` },
      { value: '   \n' },
      { value: good() },
    ]);
    await start('bad', 'topics: [bad], format: weir-json');
    await untilRead('bad', 9);
    expect((await rejects('bad')).map(({ position, reason, detail }) => [position, reason, detail])).toEqual([
      ['1', 'unreadable', expect.stringMatching(/empty|without a value/)],
      ['2', 'unreadable', 'a message without a value (tombstone)'],
      ['3', 'bad_encoding', 'not UTF-8'],
      ['4', 'unreadable', 'not JSON'],
      ['5', 'too_long', 'longer than 1048576 bytes'],
      ['6', 'unreadable', 'not JSON'],
      ['7', 'unreadable', 'a message without a record'],
    ]);
    const [row] = await clickhouse.store.select("SELECT count() AS rows FROM weir.usage WHERE source = 'bad'");
    expect(row).toEqual({ rows: '2' });
  });
});

describe('many records in a message', () => {
  it('are positions of their own; a message with more than may be is rejected whole', async () => {
    const truth = noTruth();
    await kafka().createTopic('packed', 1);
    const pack = (count: number): string => Array.from({ length: count }, () => usageJson(truth, truth.rows, random, 2)).join('\n');
    const messages = Array.from({ length: 50 }, () => ({ value: pack(100) }));
    await kafka().produce('packed', messages);
    await kafka().produce('packed', [{ value: Array.from({ length: 101 }, () => '{}').join('\n') }]);
    truth.rows++;
    truth.rejected++;
    await kafka().produce('packed', [{ value: pack(7) }]);
    await start('packed', 'topics: [packed], format: weir-json, recordsPerMessage: 100');
    await untilRead('packed', truth.rows);
    await expectStoredOnce(clickhouse.store, 'packed', truth);
    const [reject] = (await rejects('packed')).filter(({ reason }) => reason === 'too_long');
    expect(reject).toMatchObject({ position: '5000', detail: 'more than 100 records in a message' });
  });

  it('may be CSV', async () => {
    await kafka().createTopic('csv', 1);
    await kafka().produce('csv', [
      { value: 'a,2026-11-02T07:00:00Z\nb,2026-11-02T07:00:01Z\n' },
      { value: 'c,"half\n' },
      { value: 'd,2026-11-02T07:00:02Z' },
    ]);
    await start(
      'csv',
      'topics: [csv], recordsPerMessage: 10, mapping: { format: csv, kind: usage, names: [node, at], columns: { node: node, start_time: at } }',
    );
    await untilRead('csv', 4);
    expect(await clickhouse.store.select("SELECT node, position FROM weir.usage WHERE source = 'csv' ORDER BY position")).toEqual([
      { node: 'a', position: '0' },
      { node: 'b', position: '1' },
      { node: 'd', position: '20' },
    ]);
    expect((await rejects('csv')).map(({ position }) => position)).toEqual(['10']);
  });
});
