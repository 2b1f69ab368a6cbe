/**
 * One connection of a source of topics: polls, hands each message to its partition, has full or old batches sent, and answers rebalances.
 * What cannot be taken is left where it is: in memory for a moment, then in Kafka, by pausing. It never waits in a poll.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerEvents, KafkaTrouble, TopicConsumer, TopicPartition } from '../../ingest/kafka/consumer.ts';
import { createInFlight } from '../../ingest/kafka/in-flight.ts';
import { factsAskedFor } from '../../ingest/kafka/message-facts.ts';
import { createMessageReader } from '../../ingest/kafka/message-reader.ts';
import { newDeadLetters } from './dead-letters.ts';
import { kafkaBuilders } from './kafka-builders.ts';
import type { PartitionDesk } from './kafka-desk.ts';
import { createKafkaLedger } from './kafka-ledger.ts';
import type { KafkaLoss } from './kafka-open.ts';
import { type OpenerOptions, reopen } from './kafka-opener.ts';
import { KafkaPartition } from './kafka-partition.ts';
import type { KafkaSourceOptions } from './kafka-source.ts';
import { factsOf } from './partition-facts.ts';
import { newScratch } from './unit-writer.ts';

/** Batches on their way to ClickHouse at once. */
const mostSending = 3;
/** How long a message that cannot be taken holds up the others before its partition is paused, ms. */
const stallMs = 500;
/** How long a partition that goes may take to finish what is on its way, ms. */
const drainMs = 10_000;
const factsEveryMs = 5000;
/** The same error of the library is logged this often, ms. */
const tellEveryMs = 30_000;
/** librdkafka: the offset that was asked for is not there. */
const noOffsetCode = -140;
/** Kafka and librdkafka: the topic or partition is not there. */
const unknownTopicCodes = new Set([3, 100, -188, -190]);

const namesOf = (ids: readonly TopicPartition[]): string => ids.map(({ topic, partition }) => `${topic}/${partition}`).join(' ');

/** What one connection of a source does until it ends. */
export interface KafkaRun {
  readonly events: ConsumerEvents;
  /** Polls and works until the signal; rejects when the connection is lost for good. */
  loop(connected: TopicConsumer): Promise<void>;
  /** Waits for what is on its way; what is not sent is read again by whoever comes next. */
  end(): Promise<void>;
}

/** Of one connection, with partitions that are none of another's. */
export function createRun(options: KafkaSourceOptions): KafkaRun {
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
  const pool = kafkaBuilders(source, ingest.batchRecords + recordsPerMessage);
  let consumer: TopicConsumer | undefined;
  let fatal: Error | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** When an error was logged last, by code. */
  const told = new Map<number, number>();
  let wake: () => void = () => undefined;

  const desk: PartitionDesk = {
    pipeline,
    source,
    ledger,
    inFlight,
    reader: createMessageReader({
      format: source.format,
      recordsPerMessage,
      limits: { recordBytes: ingest.maxRecordBytes },
      keptFacts: factsAskedFor(settings.mapping),
    }),
    ...(settings.deadLetterTopic ? { deadLetters: () => newDeadLetters(pipeline.publisher(), settings.deadLetterTopic) } : {}),
    scratch: newScratch(source.kind),
    recordsPerMessage,
    takeBuilders: () => pool.take() ?? (freeFullest() ? pool.take() : undefined),
    giveBuilders: pool.give,
    stored(partition, offset, totals) {
      partition.lastStoredAt = performance.now();
      if (partitions.get(partition.key) === partition) consumer?.store(partition.id, offset);
      options.onBatch?.(totals);
      wake();
    },
    lost: (loss) => lost(loss),
    failed(partition, error, after) {
      wake();
      if (partitions.get(partition.key) !== partition || partition.state === 'leaving' || signal.aborted) return;
      log.warn({ source: source.name, partition: partition.key, error: error.message }, 'topic partition is opened again from the ledger');
      void reopen(opener, partition, after);
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

  const opener: OpenerOptions = {
    log,
    consumer: () => consumer,
    ledger,
    tenant,
    source: source.name,
    recordsPerMessage,
    startAt: settings.startAt,
    ours: (partition) => partitions.get(partition.key) === partition && partition.state === 'opening' && !signal.aborted,
    pause: (partition) => pause(partition),
    resume: (partition) => resume(partition),
    onLoss: (loss) => lost(loss),
    onNewTopic: (partition) => renewed(partition),
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

  /** Whether more than a batch lies behind what was taken, as the last fetch told. */
  const isBehind = (partition: KafkaPartition): boolean => {
    const high = consumer?.cachedWatermarks(partition.id)?.high ?? partition.high;
    return (high - partition.next) * recordsPerMessage > ingest.batchRecords;
  };

  /** Sends what is due and takes what was left. Returns whether more may be read. */
  const work = (now: number): boolean => {
    let room = true;
    let free = mostSending - sending();
    for (const partition of partitions.values()) {
      if (free > 0 && partition.due(now, settings.batchSeconds * 1000, () => isBehind(partition)) && partition.send()) free--;
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
        options.onHeard?.();
        partition.low = low;
        partition.high = high;
        const settled = partition.state === 'running' && !partition.sending && partition.batchRows === 0;
        if (partition.stuck(performance.now()))
          desk.failed(
            partition,
            new Error(`${partition.key}: nothing came behind offset ${partition.next}, though the topic ends at ${high}`),
          );
        else if (settled && (partition.next > high || partition.next < low))
          desk.failed(partition, new Error(`${partition.key}: offset ${partition.next} is not between ${low} and ${high}`));
      } catch {
        // The broker is away; the poll tells.
      }
    }
    // An instance that owns nothing has nobody else to ask.
    if (partitions.size === 0)
      await consumer?.ask().then(
        () => options.onHeard?.(),
        () => undefined,
      );
    const now = performance.now();
    options.onFacts?.([...partitions.values()].map((partition) => factsOf(partition, now)));
  };

  return {
    events: {
      assigned(ids: readonly TopicPartition[]) {
        log.info({ source: source.name, partitions: namesOf(ids) }, 'topic partitions taken over');
        for (const id of ids) {
          const partition = new KafkaPartition(id, desk);
          partitions.set(partition.key, partition);
          void reopen(opener, partition);
        }
      },
      async revoked(ids: readonly TopicPartition[]) {
        const leaving = ids.flatMap(({ topic, partition }) => partitions.get(`${topic}/${partition}`) ?? []);
        for (const partition of leaving) partition.drop('leaving');
        await Promise.race([Promise.all(leaving.map(({ sending: last }) => last)), sleep(drainMs)]);
        log.info({ source: source.name, partitions: namesOf(ids) }, 'topic partitions given up');
        for (const partition of leaving) {
          inFlight.revoke(partition.key);
          if (partitions.get(partition.key) === partition) partitions.delete(partition.key);
        }
      },
      trouble(error: KafkaTrouble) {
        const now = performance.now();
        // A broker that is away is told every second or two.
        if (now - (told.get(error.code) ?? Number.NEGATIVE_INFINITY) > tellEveryMs) {
          log.warn({ source: source.name, code: error.code, error: error.message }, 'kafka');
          told.set(error.code, now);
        }
        options.onTrouble?.(error);
        if (error.isFatal) fatal = new Error(error.message);
        // The topic is gone, for a moment at least: what comes next may be another one, so what is stored is looked at again.
        if (unknownTopicCodes.has(error.code))
          for (const partition of partitions.values()) if (partition.state === 'running') desk.failed(partition, new Error(error.message));
        if (error.code === noOffsetCode) lookedAt = Number.NEGATIVE_INFINITY;
      },
    },
    async loop(connected: TopicConsumer): Promise<void> {
      consumer = connected;
      let looking: Promise<void> | undefined;
      while (!signal.aborted) {
        if (fatal) throw fatal;
        // Ages are monotonic: a clock that jumps must not hold a batch open, or close one.
        const now = performance.now();
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
          if (partition.backlog.length === 0) partition.backlogSince = performance.now();
          partition.backlog.push(message);
        }
      }
    },
    async end(): Promise<void> {
      const all = [...partitions.values()];
      for (const partition of all) partition.drop('leaving');
      await Promise.race([Promise.all(all.map(({ sending: last }) => last)), sleep(drainMs)]);
      partitions.clear();
    },
  };
}
