/**
 * Kafka for a test: Apache Kafka of its own from the jars of Maven Central, or the brokers that WEIR_TEST_KAFKA names, or, where neither can be
 * had, librdkafka's mock cluster, which the last lines of `npm test` tell. With WEIR_KAFKA=real (continuous integration) the mock is an error as
 * long as Maven Central answers.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { type KafkaLibrary, kafkaLibrary } from '../ingest/kafka/library.ts';
import { type ApacheKafka, startApacheKafka } from './kafka/apache.ts';
import { deleteRecords } from './kafka/delete-records.ts';
import { centralAnswers, kafkaJars } from './kafka/jars.ts';

export interface TestMessage {
  readonly value: Buffer | string | null;
  readonly key?: string;
  readonly partition?: number;
  /** ms since 1970. */
  readonly timestamp?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReadMessage {
  readonly key: string;
  readonly value: Buffer | null;
  readonly timestamp: number;
  readonly headers: Record<string, string>;
}

export interface TestKafka {
  readonly kind: 'apache' | 'given' | 'mock';
  readonly brokers: string;
  /** The server, where it is ours to kill. */
  readonly server: ApacheKafka | undefined;
  createTopic(topic: string, partitions: number, config?: Readonly<Record<string, string>>): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  growTopic(topic: string, partitions: number): Promise<void>;
  /** Removes all below an offset, as retention does. */
  deleteRecords(topic: string, partition: number, before: number): Promise<void>;
  /** Commits an offset for a group that nobody is in. */
  commit(group: string, topic: string, partition: number, offset: number): Promise<void>;
  /** Sends in order and waits until all are taken. */
  produce(topic: string, messages: Iterable<TestMessage>): Promise<void>;
  /** Every message of a topic from its beginning, as far as it reaches now. */
  readAll(topic: string, partitions: number): Promise<ReadMessage[]>;
  stop(): Promise<void>;
}

export interface TestKafkaOptions {
  readonly proxyPort?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

const deadlineMs = 30_000;

/** Starts one without vitest's hooks. */
export async function startKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const library = await kafkaLibrary((text) => console.log(text));
  const given = process.env['WEIR_TEST_KAFKA'];
  if (given) return kafkaAt(library, 'given', given, undefined, async () => undefined);
  const directory = mkdtempSync(join(tmpdir(), 'weir-kafka-'));
  try {
    const server = await startApacheKafka({ jars: await kafkaJars(), directory, ...options });
    return kafkaAt(library, 'apache', server.brokers, server, async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    });
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    if (process.env['WEIR_KAFKA'] === 'real' && (await centralAnswers())) throw error;
    note(`no Apache Kafka here (${(error as Error).message}): librdkafka's mock cluster took its place`);
    return mockKafka(library);
  }
}

/** Says it, and has `npm test` say it again in its last lines. */
function note(text: string): void {
  console.log(text);
  const file = process.env['WEIR_TEST_NOTES'];
  if (file) appendFileSync(file, `${text}\n`);
}

/** To be called once at the top of a test file or `describe`; read from `beforeAll` on. */
export function withKafka(options: TestKafkaOptions = {}): () => TestKafka {
  let running: TestKafka | undefined;
  beforeAll(async () => {
    running = await startKafka(options);
  }, 900_000);
  afterAll(() => running?.stop());
  return () => {
    if (running === undefined) throw new Error('Kafka runs between beforeAll and afterAll only');
    return running;
  };
}

/** A cluster inside this process, which hears on real ports. */
async function mockKafka(library: KafkaLibrary): Promise<TestKafka> {
  const mock = new library.Producer({ 'test.mock.num.brokers': 1, 'bootstrap.servers': 'mock' } as object);
  const metadata = await new Promise<{ brokers: { host: string; port: number }[] }>((resolve, reject) =>
    mock.connect({ timeout: 10_000 }, (error, data) => (error ? reject(error) : resolve(data))),
  );
  const brokers = metadata.brokers.map(({ host, port }) => `${host}:${port}`).join(',');
  return kafkaAt(library, 'mock', brokers, undefined, () => new Promise((resolve) => mock.disconnect(2000, () => resolve())));
}

function kafkaAt(
  library: KafkaLibrary,
  kind: TestKafka['kind'],
  brokers: string,
  server: ApacheKafka | undefined,
  end: () => Promise<void>,
): TestKafka {
  const admin = library.AdminClient.create({ 'bootstrap.servers': brokers, 'client.id': 'test' });
  const producer = connectedProducer(library, brokers);
  const asked = (ask: (done: (error: unknown) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => ask((error) => (error ? reject(new Error(String((error as Error).message))) : resolve())));
  return {
    kind,
    brokers,
    server,
    async createTopic(topic, partitions, config) {
      // The mock makes a topic of four partitions when it is asked about.
      if (kind === 'mock') return (await producer).ask(topic);
      const wanted = { topic, num_partitions: partitions, replication_factor: 1, ...(config ? { config: { ...config } } : {}) };
      // Right after a deletion the name is still marked for a moment.
      for (const end = Date.now() + deadlineMs; ; await sleep(200)) {
        try {
          return await asked((done) => admin.createTopic(wanted, 5000, done));
        } catch (error) {
          // An attempt that was given up may have come through.
          if (/already exists/i.test((error as Error).message)) return;
          if (Date.now() > end) throw error;
        }
      }
    },
    deleteTopic: (topic) => asked((done) => admin.deleteTopic(topic, deadlineMs, done)),
    deleteRecords: (topic, partition, before) => deleteRecords(brokers, topic, partition, before),
    commit: (group, topic, partition, offset) => commit(library, brokers, group, { topic, partition, offset }),
    growTopic: (topic, partitions) => asked((done) => admin.createPartitions(topic, partitions, deadlineMs, done)),
    produce: async (topic, messages) => (await producer).send(topic, messages),
    readAll: (topic, partitions) => readAll(library, brokers, topic, partitions),
    async stop() {
      await (await producer).close();
      admin.disconnect();
      await end();
    },
  };
}

interface Producing {
  /** Asks for the metadata of a topic. */
  ask(topic: string): Promise<void>;
  send(topic: string, messages: Iterable<TestMessage>): Promise<void>;
  close(): Promise<void>;
}

/** Most messages on their way at once. */
const windowMessages = 10_000;

async function connectedProducer(library: KafkaLibrary, brokers: string): Promise<Producing> {
  const producer = new library.Producer({
    'bootstrap.servers': brokers,
    'enable.idempotence': true,
    'linger.ms': 5,
    'message.max.bytes': 30_000_000,
    'queue.buffering.max.messages': 1_000_000,
    'compression.codec': 'lz4',
    dr_cb: true,
  });
  let open = 0;
  let failed: Error | undefined;
  producer.on('delivery-report', (error) => {
    open--;
    if (error) failed = new Error(error.message);
  });
  await new Promise<void>((resolve, reject) => producer.connect({ timeout: deadlineMs }, (error) => (error ? reject(error) : resolve())));
  producer.setPollInterval(10);
  const down = async (to: number): Promise<void> => {
    while (open > to && !failed) await sleep(2);
    const error = failed;
    failed = undefined;
    if (error) throw error;
  };
  const ask = (topic: string): Promise<void> => new Promise((resolve) => producer.getMetadata({ topic, timeout: 2000 }, () => resolve()));
  return {
    ask,
    async send(topic, messages) {
      for (const { value, key, partition, timestamp, headers } of messages) {
        const bytes = typeof value === 'string' ? Buffer.from(value) : value;
        const list = headers ? Object.entries(headers).map(([name, text]) => ({ [name]: text })) : undefined;
        // A partition that was just made is known to the producer a moment later.
        for (const end = Date.now() + deadlineMs; ; await sleep(100)) {
          try {
            producer.produce(topic, partition ?? null, bytes, key ?? null, timestamp ?? Date.now(), undefined, list);
            break;
          } catch (error) {
            if (Date.now() > end) throw error;
            await ask(topic);
          }
        }
        open++;
        if (open >= windowMessages) await down(windowMessages / 2);
      }
      await down(0);
    },
    close: () => new Promise((resolve) => producer.disconnect(5000, () => resolve())),
  };
}

async function commit(
  library: KafkaLibrary,
  brokers: string,
  group: string,
  offset: { topic: string; partition: number; offset: number },
): Promise<void> {
  const consumer = new library.KafkaConsumer({ 'bootstrap.servers': brokers, 'group.id': group, 'enable.auto.commit': false }, {});
  await new Promise<void>((resolve, reject) => consumer.connect({ timeout: deadlineMs }, (error) => (error ? reject(error) : resolve())));
  consumer.commitSync(offset);
  await new Promise<void>((resolve) => consumer.disconnect(() => resolve()));
}

async function readAll(library: KafkaLibrary, brokers: string, topic: string, partitions: number): ReturnType<TestKafka['readAll']> {
  const consumer = new library.KafkaConsumer(
    { 'bootstrap.servers': brokers, 'group.id': `test-${Date.now()}`, 'enable.auto.commit': false, 'fetch.message.max.bytes': 30_000_000 },
    { 'auto.offset.reset': 'earliest' },
  );
  await new Promise<void>((resolve, reject) => consumer.connect({ timeout: deadlineMs }, (error) => (error ? reject(error) : resolve())));
  let left = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const marks = await new Promise<{ lowOffset: number; highOffset: number }>((resolve, reject) =>
      consumer.queryWatermarkOffsets(topic, partition, 10_000, (error, offsets) => (error ? reject(error) : resolve(offsets))),
    );
    left += marks.highOffset - marks.lowOffset;
  }
  consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
  const found: Awaited<ReturnType<TestKafka['readAll']>> = [];
  for (const end = Date.now() + deadlineMs; found.length < left && Date.now() < end; ) {
    const messages = await new Promise<import('node-rdkafka').Message[]>((resolve, reject) =>
      consumer.consume(1000, (error, list) => (error ? reject(error) : resolve(list))),
    );
    for (const { key, value, timestamp, headers } of messages)
      found.push({
        key: key?.toString() ?? '',
        value,
        timestamp: timestamp ?? 0,
        headers: Object.fromEntries((headers ?? []).flatMap((one) => Object.entries(one).map(([name, text]) => [name, text.toString()]))),
      });
  }
  await new Promise<void>((resolve) => consumer.disconnect(() => resolve()));
  return found;
}
