/**
 * One source of topics: polls, hands each message to its partition, has full or old batches sent, and answers rebalances. What cannot be
 * taken is left where it is: in memory for a moment, then in Kafka, by pausing. It never waits in a poll and never gives up.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import { reject } from '../../core/kinds/index.ts';
import type { KafkaSettings, KafkaSourceSettings } from '../../core/settings/index.ts';
import { consumerSettings } from '../../ingest/kafka/client-settings.ts';
import { type KafkaTrouble, openConsumer, type TopicConsumer, type TopicPartition } from '../../ingest/kafka/consumer.ts';
import { createInFlight } from '../../ingest/kafka/in-flight.ts';
import type { KafkaLibrary } from '../../ingest/kafka/library.ts';
import { createMessageReader } from '../../ingest/kafka/message-reader.ts';
import { newBlockBuilder } from '../../sql/native/builder.ts';
import { createKafkaLedger } from './kafka-ledger.ts';
import { type KafkaLoss, openPartition, TooShort } from './kafka-open.ts';
import { KafkaPartition, type PartitionDesk } from './kafka-partition.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import { newScratch, type UnitBuilders, type UnitTotals } from './unit-writer.ts';

/** How a partition stands. */
export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
  readonly state: KafkaPartition['state'];
  /** Messages in the topic that are not stored yet. */
  readonly lag: number;
  /** Seconds since a batch of it was stored, while there is something to store; 0 = nothing waits. */
  readonly waitsSeconds: number;
}

export interface KafkaSourceOptions {
  readonly library: KafkaLibrary;
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly settings: KafkaSourceSettings;
  readonly kafka: KafkaSettings;
  /** Password of SASL; empty = none. */
  readonly password: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onBatch?: (totals: UnitTotals) => void;
  readonly onLoss?: (loss: KafkaLoss) => void;
  readonly onFacts?: (facts: readonly PartitionFacts[]) => void;
}

/** Pauses before a source or a partition is tried again, in ms; the last one repeats. */
const pauses = [200, 500, 1000, 2000, 5000, 10_000];
/** Batches on their way to ClickHouse at once. */
const mostSending = 3;
/** Batches that are filled at once: about 15 MB each for usage records. */
const mostBuilders = 8;
/** How long a message that cannot be taken holds up the others before its partition is paused, ms. */
const stallMs = 500;
/** How long a partition that goes may take to finish what is on its way, ms. */
const drainMs = 10_000;
const factsEveryMs = 5000;
/** The same error of the library is logged this often, ms. */
const tellEveryMs = 30_000;
/** How long a topic must end before what is stored until it counts as another one, ms. */
const certainMs = 8000;
/** librdkafka: the offset that was asked for is not there. */
const noOffsetCode = -140;

/** Runs until the signal. Rejects with config_invalid when the settings are refused, and with nothing else. */
export async function runKafkaSource(options: KafkaSourceOptions): Promise<void> {
  const { signal, log, source } = options;
  const settings = settingsOf(options);
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await runOnce(options, settings, () => {
        failures = 0;
      });
    } catch (error) {
      if (error instanceof WeirError && error.code === 'config_invalid') throw error;
      const pause = pauses[Math.min(failures, pauses.length - 1)] as number;
      log.error({ source: source.name, error: messageOf(error), pause_ms: pause }, 'kafka source failed; it is tried again');
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** The settings of the consumer of a source, checked. @throws WeirError config_invalid */
export function settingsOf({
  kafka,
  settings,
  source,
  password,
  pipeline,
}: Pick<KafkaSourceOptions, 'kafka' | 'settings' | 'source' | 'password' | 'pipeline'>): ReturnType<typeof consumerSettings> {
  return consumerSettings({
    brokers: kafka.brokers,
    group: settings.group || `weir-${pipeline.settings.tenant}-${source.name}`,
    password,
    given: [
      { path: 'kafka.client', settings: kafka.client },
      { path: `sources.${source.name}.settings`, settings: settings.settings },
    ],
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function runOnce(options: KafkaSourceOptions, settings: ReturnType<typeof consumerSettings>, onConnected: () => void): Promise<void> {
  const run = createRun(options);
  const consumer = await openConsumer(options.library, settings, options.settings.topics, run.events);
  onConnected();
  options.log.info({ source: options.source.name, topics: options.settings.topics }, 'kafka source connected');
  try {
    await run.loop(consumer);
  } finally {
    await run.end();
    await consumer.close();
  }
}

/** One connection, and what hangs on it. */
function createRun(options: KafkaSourceOptions) {
  const { pipeline, source, settings, log, signal } = options;
  const { tenant, ingest } = pipeline.settings;
  const { recordsPerMessage } = settings;
  const inFlight = createInFlight();
  const ledger = createKafkaLedger(
    pipeline.store,
    {
      tenant,
      source: source.name,
      kind: source.kind.name,
      table: source.kind.table,
      // A restarted container has the name and the process id of the one before.
      owner: `${pipeline.owner}:${randomBytes(4).toString('hex')}`,
    },
    pipeline.clock,
  );
  const partitions = new Map<string, KafkaPartition>();
  const pool = builders(source, ingest.batchRecords + recordsPerMessage);
  let consumer: TopicConsumer | undefined;
  let fatal: Error | undefined;
  let lookedAt = 0;
  /** When an error was logged last, by code. */
  const told = new Map<number, number>();
  let wake: () => void = () => undefined;

  const desk: PartitionDesk = {
    pipeline,
    source,
    ledger,
    inFlight,
    reader: createMessageReader({ format: source.format, recordsPerMessage, limits: { recordBytes: ingest.maxRecordBytes } }),
    scratch: newScratch(source.kind),
    recordsPerMessage,
    takeBuilders: () => pool.take() ?? (freeFullest() ? pool.take() : undefined),
    giveBuilders: pool.give,
    stored(partition, offset, totals) {
      partition.lastStoredAt = pipeline.clock.now();
      if (partitions.get(partition.key) === partition) consumer?.store(partition.id, offset);
      options.onBatch?.(totals);
      wake();
    },
    lost: (loss) => lost(loss),
    failed(partition, error, after) {
      wake();
      if (partitions.get(partition.key) !== partition || partition.state === 'leaving' || signal.aborted) return;
      log.warn({ source: source.name, partition: partition.key, error: error.message }, 'topic partition is opened again from the ledger');
      void open(partition, after);
    },
  };

  /** Another partition needs a builder: the fullest batch goes as it is. */
  const freeFullest = (): boolean => {
    if (sending() >= mostSending) return false;
    const open = [...partitions.values()].filter(({ state, sending: busy }) => state === 'running' && !busy);
    const fullest = open.sort((a, b) => b.batchRows - a.batchRows)[0];
    return fullest !== undefined && fullest.batchRows > 0 && fullest.send();
  };
  const sending = (): number => {
    let count = 0;
    for (const partition of partitions.values()) if (partition.sending) count++;
    return count;
  };

  const open = async (partition: KafkaPartition, after?: string): Promise<void> => {
    let shortSince = 0;
    partition.drop('opening');
    pause(partition);
    const ours = (): boolean => partitions.get(partition.key) === partition && partition.state === 'opening' && !signal.aborted;
    for (;;) {
      if (partition.failures > 0) await sleep(pauses[Math.min(partition.failures - 1, pauses.length - 1)] as number);
      partition.failures++;
      await partition.sending;
      if (!ours() || !consumer) return;
      try {
        const opening = await openPartition(
          {
            consumer,
            ledger,
            tenant,
            source: source.name,
            recordsPerMessage,
            startAt: settings.startAt,
            certain: shortSince > 0 && pipeline.clock.now() - shortSince > certainMs,
            begun: partition.begun,
            onLoss: lost,
            onNewTopic: renewed,
          },
          partition.id,
          after,
        );
        if (!ours()) return;
        await consumer.seek(partition.id, opening.checkAt >= 0 ? opening.checkAt : opening.next);
        if (!ours()) return;
        partition.run(opening.resume, opening.next, opening.checkAt);
        partition.high = opening.high;
        partition.lastStoredAt = pipeline.clock.now();
        resume(partition);
        return;
      } catch (error) {
        if (!(error instanceof TooShort)) shortSince = 0;
        else if (shortSince === 0) shortSince = pipeline.clock.now();
        log.warn({ source: source.name, partition: partition.key, error: messageOf(error) }, 'topic partition cannot be opened yet');
      }
    }
  };
  const lost = (loss: KafkaLoss): void => {
    log.error({ source: source.name, ...loss }, 'records were lost: the topic no longer has them, and they were never read');
    options.onLoss?.(loss);
  };
  const renewed = (partition: string): void =>
    void log.error(
      { source: source.name, partition },
      'the topic was deleted and made anew: it is read from its beginning, under a new name',
    );
  const pause = (partition: KafkaPartition): void => {
    if (!partition.paused) consumer?.pause(partition.id);
    partition.paused = true;
  };
  const resume = (partition: KafkaPartition): void => {
    if (partition.paused) consumer?.resume(partition.id);
    partition.paused = false;
  };

  /** Offers what was left; true when nothing is left. */
  const drain = (partition: KafkaPartition): boolean => {
    const { backlog } = partition;
    let taken = 0;
    while (taken < backlog.length && partition.take(backlog[taken] as (typeof backlog)[number])) taken++;
    // Taking may have dropped the whole backlog.
    if (partition.backlog === backlog && taken > 0) backlog.splice(0, taken);
    if (partition.backlog.length > 0) return false;
    partition.backlogSince = 0;
    if (partition.state !== 'opening') resume(partition);
    return true;
  };

  /** Sends what is due and takes what was left. Returns whether more may be read. */
  const work = (now: number): boolean => {
    let room = true;
    let free = mostSending - sending();
    for (const partition of partitions.values()) {
      if (free > 0 && partition.due(now, settings.batchSeconds * 1000) && partition.send()) free--;
      if (partition.backlog.length === 0 || drain(partition)) continue;
      if (now - partition.backlogSince > stallMs) pause(partition);
      else room = false;
    }
    return room;
  };

  const look = async (): Promise<void> => {
    for (const partition of [...partitions.values()]) {
      if (partition.state === 'leaving' || !consumer) continue;
      try {
        const { low, high } = await consumer.watermarks(partition.id);
        partition.high = high;
        const settled = partition.state === 'running' && !partition.sending && partition.batchRows === 0;
        if (settled && (partition.next > high || partition.next < low))
          desk.failed(partition, new Error(`${partition.key}: offset ${partition.next} is not between ${low} and ${high}`));
      } catch {
        // The broker is away; the poll tells.
      }
    }
    const now = pipeline.clock.now();
    options.onFacts?.([...partitions.values()].map((partition) => factsOf(partition, now)));
  };

  return {
    events: {
      assigned(ids: readonly TopicPartition[]) {
        for (const id of ids) {
          const partition = new KafkaPartition(id, desk);
          partitions.set(partition.key, partition);
          void open(partition);
        }
      },
      async revoked(ids: readonly TopicPartition[]) {
        const leaving = ids.flatMap(({ topic, partition }) => partitions.get(`${topic}/${partition}`) ?? []);
        for (const partition of leaving) partition.drop('leaving');
        await Promise.race([Promise.all(leaving.map(({ sending: last }) => last)), sleep(drainMs)]);
        for (const partition of leaving) {
          inFlight.revoke(partition.key);
          if (partitions.get(partition.key) === partition) partitions.delete(partition.key);
        }
      },
      trouble(error: KafkaTrouble) {
        const now = pipeline.clock.now();
        // A broker that is away is told every second or two.
        if (now - (told.get(error.code) ?? 0) > tellEveryMs) {
          log.warn({ source: source.name, code: error.code, error: error.message }, 'kafka');
          told.set(error.code, now);
        }
        if (error.isFatal) fatal = new Error(error.message);
        if (error.code === noOffsetCode) lookedAt = 0;
      },
    },
    async loop(connected: TopicConsumer): Promise<void> {
      consumer = connected;
      let looking: Promise<void> | undefined;
      while (!signal.aborted) {
        if (fatal) throw fatal;
        const now = pipeline.clock.now();
        if (now - lookedAt > factsEveryMs && !looking) {
          lookedAt = now;
          looking = look().finally(() => {
            looking = undefined;
          });
        }
        if (!work(now)) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            setTimeout(resolve, 20);
          });
          continue;
        }
        for (const message of await consumer.poll()) {
          const partition = partitions.get(`${message.topic}/${message.partition}`);
          if (!partition || partition.state === 'opening' || partition.state === 'leaving') continue;
          if (partition.backlog.length === 0 && partition.take(message)) continue;
          if (partition.backlog.length === 0) partition.backlogSince = pipeline.clock.now();
          partition.backlog.push(message);
        }
      }
    },
    /** Waits for what is on its way; what is not sent is read again by whoever comes next. */
    async end(): Promise<void> {
      const all = [...partitions.values()];
      for (const partition of all) partition.drop('leaving');
      await Promise.race([Promise.all(all.map(({ sending: last }) => last)), sleep(drainMs)]);
      partitions.clear();
    },
  };
}

function factsOf(partition: KafkaPartition, now: number): PartitionFacts {
  const lag = Math.max(0, partition.high - partition.storedOffset);
  return {
    ...partition.id,
    state: partition.state,
    lag,
    waitsSeconds: lag === 0 ? 0 : Math.max(0, now - partition.lastStoredAt) / 1000,
  };
}

function builders(source: PipelineSource, capacity: number): { take(): UnitBuilders | undefined; give(one: UnitBuilders): void } {
  const free: UnitBuilders[] = [];
  let made = 0;
  return {
    take: () => {
      const one = free.pop();
      if (one || made >= mostBuilders) return one;
      made++;
      return { records: newBlockBuilder(source.kind, capacity), rejects: newBlockBuilder(reject, capacity) };
    },
    give: (one) => {
      // A planned range may have had larger ones of its own.
      if (one.records.capacity === capacity) free.push(one);
    },
  };
}
