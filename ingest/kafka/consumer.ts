/**
 * A consumer of node-rdkafka as promises. It takes care of what is particular to the library: how long a poll may last, the cooperative
 * rebalance, and an end that comes although the library may hang. What may be committed is decided elsewhere.
 */
import type { KafkaConsumer, LibrdKafkaError, Message } from 'node-rdkafka';
import { WeirError } from '../../core/errors.ts';
import type { ClientSettings } from './client-settings.ts';
import type { KafkaLibrary } from './library.ts';

/** A message as the library gives it. */
export type KafkaMessage = Message;

/** An error of librdkafka: `code` below 0 is its own, above 0 the broker's. */
export type KafkaTrouble = LibrdKafkaError;

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** First offset that is there, and the one behind the last. */
export interface Watermarks {
  readonly low: number;
  readonly high: number;
}

export interface ConsumerEvents {
  /** Partitions are ours; they are paused until `resume`. */
  readonly assigned: (partitions: readonly TopicPartition[]) => void;
  /** Partitions go: finish what is on its way. They are given up when this resolves. */
  readonly revoked: (partitions: readonly TopicPartition[]) => Promise<void>;
  /** Something went wrong that passes by itself. */
  readonly trouble: (error: LibrdKafkaError) => void;
}

export interface TopicConsumer {
  /** The next messages, after a short wait at most; none is an empty list. Rebalances happen only while this is called. */
  poll(): Promise<readonly KafkaMessage[]>;
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /** The next message of the partition is the one at `offset`, or the first behind it. */
  seek(partition: TopicPartition, offset: number): Promise<void>;
  /** Asks the broker. */
  watermarks(partition: TopicPartition): Promise<Watermarks>;
  /** Resolves when the cluster answers. */
  ask(): Promise<void>;
  /** As the last fetch told; undefined = nothing fetched yet. */
  cachedWatermarks(partition: TopicPartition): Watermarks | undefined;
  /** The offset that the group has committed; undefined = none. */
  committed(partition: TopicPartition): Promise<number | undefined>;
  /** Everything below `offset` is stored: committed within a second, and when the partition goes. */
  store(partition: TopicPartition, offset: number): void;
  close(): Promise<void>;
}

/** How long one call to the broker may take, ms. */
const askMs = 10_000;
const connectMs = 15_000;
/** The library is known to hang: a poll that takes this long never ends, ms. */
const stuckMs = 120_000;
const closeMs = 8000;
/** Most messages of one poll. */
const mostMessages = 2000;
const fewestMessages = 32;
/** A poll ends when no message came for this long; with nothing to do it waits longer for the first one. */
const gapMs = 2;
const idleMs = 50;
/** What a poll should take: above it fewer messages are asked for, since the library waits for all of them. */
const aimMs = 30;

const assignCode = -175;
const revokeCode = -174;

/** Connects and subscribes. @throws WeirError kafka_unreachable, or config_invalid for a setting that librdkafka refuses */
export async function openConsumer(
  library: KafkaLibrary,
  settings: ClientSettings,
  topics: readonly string[],
  events: ConsumerEvents,
): Promise<TopicConsumer> {
  let closing = false;
  const consumer = newConsumer(library, {
    ...settings,
    rebalance_cb: (error: LibrdKafkaError, partitions: TopicPartition[]) => {
      if (error.code === assignCode) take(partitions);
      else if (error.code === revokeCode) void give(partitions);
      else events.trouble(error);
    },
  });
  const take = (partitions: readonly TopicPartition[]): void => {
    guarded(() => {
      // With an offset the library asks for none. Where it asks, an answer that comes after a seek takes it back, and what lies between is
      // never read. Which offset does not matter: the seek follows.
      consumer.incrementalAssign(partitions.map(({ topic, partition }) => ({ topic, partition, offset: 0 })));
      consumer.pause([...partitions]);
    });
    if (!closing) events.assigned(partitions);
  };
  const give = async (partitions: readonly TopicPartition[]): Promise<void> => {
    // At the end the library waits for the answer and nobody polls.
    if (!closing) await events.revoked(partitions);
    guarded(() => {
      // At the end the library has forgotten its protocol, and would wait for ever for an answer that it refuses.
      if (consumer.rebalanceProtocol() === 'COOPERATIVE') consumer.incrementalUnassign([...partitions]);
      else consumer.unassign();
    });
  };
  /** Calls on a partition that has just gone throw; the next rebalance tells what holds. */
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!closing) events.trouble(error as LibrdKafkaError);
    }
  };
  consumer.on('event.error', (error) => {
    if (!closing) events.trouble(error);
  });
  await connected(consumer, String(settings['bootstrap.servers']));
  consumer.subscribe([...topics]);

  let [most, wait] = [1, idleMs];
  const poll = async (): Promise<readonly KafkaMessage[]> => {
    const began = performance.now();
    consumer.setDefaultConsumeTimeout(wait);
    const messages = await new Promise<KafkaMessage[]>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('librdkafka does not come back from a poll')), stuckMs);
      consumer.consume(most, (error, found) => {
        clearTimeout(timer);
        if (error && !closing) events.trouble(error);
        resolve(found ?? []);
      });
    });
    const took = performance.now() - began;
    if (messages.length === 0) [most, wait] = [1, idleMs];
    else if (wait === idleMs) [most, wait] = [fewestMessages, gapMs];
    else if (took > aimMs) most = Math.max(fewestMessages, most >> 1);
    else if (messages.length >= most) most = Math.min(mostMessages, most * 2);
    return messages;
  };

  return {
    poll,
    pause: (partition) => guarded(() => consumer.pause([{ ...partition }])),
    resume: (partition) => guarded(() => consumer.resume([{ ...partition }])),
    async seek({ topic, partition }, offset) {
      try {
        await asked('seek', (done) => consumer.seek({ topic, partition, offset }, askMs, done));
      } catch {
        // Just assigned, it cannot be moved yet: it is given up and taken again with its offset.
        guarded(() => {
          consumer.incrementalUnassign([{ topic, partition }]);
          consumer.incrementalAssign([{ topic, partition, offset }]);
          consumer.pause([{ topic, partition }]);
        });
      }
    },
    watermarks: async ({ topic, partition }) => {
      const found = await asked<{ lowOffset: number; highOffset: number }>('watermarks', (done) =>
        consumer.queryWatermarkOffsets(topic, partition, askMs, done),
      );
      return { low: found.lowOffset, high: found.highOffset };
    },
    ask: () => asked('metadata', (done) => consumer.getMetadata({ topic: topics[0] as string, timeout: askMs }, (error) => done(error))),
    cachedWatermarks: ({ topic, partition }) => {
      try {
        const { lowOffset, highOffset } = consumer.getWatermarkOffsets(topic, partition);
        return highOffset >= 0 ? { low: lowOffset, high: highOffset } : undefined;
      } catch {
        return undefined;
      }
    },
    committed: async ({ topic, partition }) => {
      const [found] = await asked<{ offset?: number }[]>('committed', (done) => consumer.committed([{ topic, partition }], askMs, done));
      return found?.offset !== undefined && found.offset >= 0 ? found.offset : undefined;
    },
    store: ({ topic, partition }, offset) => guarded(() => consumer.offsetsStore([{ topic, partition, offset }])),
    async close() {
      closing = true;
      let timer: NodeJS.Timeout | undefined;
      // The library is known to hang here; the process must not.
      await Promise.race([
        new Promise<void>((resolve) => consumer.disconnect(() => resolve())),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, closeMs);
        }),
      ]);
      clearTimeout(timer);
    },
  };
}

function newConsumer(library: KafkaLibrary, settings: object): KafkaConsumer {
  try {
    // An offset that is not there is no place to go on from by itself: it is looked into, and said. A setting of topics: among those of
    // the client the library loses it.
    return new library.KafkaConsumer(settings, { 'auto.offset.reset': 'error' } as object);
  } catch (error) {
    throw new WeirError('config_invalid', `librdkafka refuses its settings: ${(error as Error).message}`, {
      place: 'kafka.client',
      hint: 'The names are those of CONFIGURATION.md of librdkafka.',
      cause: error,
    });
  }
}

function connected(consumer: KafkaConsumer, brokers: string): Promise<void> {
  return new Promise((resolve, reject) =>
    consumer.connect({ timeout: connectMs }, (error) => {
      if (!error) return resolve();
      consumer.disconnect(() => undefined);
      reject(
        new WeirError('kafka_unreachable', `Kafka does not answer at ${brokers}: ${error.message}`, {
          place: 'kafka.brokers',
          hint: 'Is it running, are the addresses right, and does it ask for SASL or TLS (kafka.client)?',
          cause: error,
        }),
      );
    }),
  );
}

function asked<T = void>(what: string, ask: (done: (error: LibrdKafkaError | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const refuse = (error: { message: string }): void => {
      clearTimeout(timer);
      reject(new WeirError('kafka_unreachable', `Kafka: ${what}: ${error.message}`, { place: 'kafka.brokers', cause: error }));
    };
    // The library has a deadline of its own, and has been seen not to keep it.
    const timer = setTimeout(() => refuse({ message: 'no answer' }), askMs * 2);
    try {
      ask((error, value) => {
        if (error) return refuse(error);
        clearTimeout(timer);
        resolve(value as T);
      });
    } catch (error) {
      refuse(error as Error);
    }
  });
}
