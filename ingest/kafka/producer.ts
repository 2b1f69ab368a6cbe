/**
 * A producer of node-rdkafka as promises. Idempotent: what the library itself sends again is stored once and in order. What is sent again
 * by whoever calls, after an error or a crash, may be there twice: it carries an identity of its own for that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LibrdKafkaError, Producer } from 'node-rdkafka';
import { WeirError } from '../../core/errors.ts';
import type { ClientSettings } from './client-settings.ts';
import type { KafkaLibrary } from './library.ts';

export interface OutgoingMessage {
  /** Messages of one key lie in one partition, in order. */
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  /** ms since 1970 UTC; default now. */
  readonly timestamp?: number;
  readonly headers?: readonly (readonly [name: string, value: string | Buffer])[];
}

export interface TopicProducer {
  /**
   * Sends in order and resolves when the cluster holds all of them as often as the topic asks for.
   * Rejects with {@link NotSent} when it does not hold some.
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** True when it can send nothing any more and another one must be opened. */
  broken(): boolean;
  close(): Promise<void>;
}

/** Some messages were not taken: `failed` are their places in the list. */
export class NotSent extends WeirError {
  override name = 'NotSent';
  readonly failed: readonly number[];
  /** At least one because the broker, the topic or the library takes no message, or no batch, of that size. */
  readonly tooLarge: boolean;

  constructor(topic: string, failed: readonly number[], cause: { message: string; code: number }, tooLarge = false) {
    super('kafka_unreachable', `Kafka: ${topic}: ${cause.message}`, {
      place: topic,
      hint: 'Does the topic exist, may Weir write to it, and does its cluster have enough brokers in sync?',
      cause,
    });
    this.failed = failed;
    this.tooLarge = tooLarge;
  }
}

interface Sending {
  readonly total: number;
  open: number;
  readonly failed: number[];
  error: { message: string; code: number } | undefined;
  tooLarge: boolean;
  readonly done: () => void;
}

/** Kafka: the message is larger than the broker or the topic takes. Reports of delivery come without their code. */
const tooLargeCode = 10;
const tooLargeText = /message size too large/i;
/** librdkafka: its queue is full. */
const fullCode = -184;
const connectMs = 15_000;
const closeMs = 8000;
const pollMs = 5;
/** Longer than the library itself takes to give a message up. */
const answerMs = 90_000;

/** Connects. @throws WeirError kafka_unreachable, or config_invalid for a setting that librdkafka refuses */
export async function openProducer(
  library: KafkaLibrary,
  settings: ClientSettings,
  onTrouble: (error: LibrdKafkaError) => void = () => undefined,
): Promise<TopicProducer> {
  const producer = newProducer(library, settings);
  let fatal = false;
  producer.on('event.error', (error) => {
    if (error.isFatal) fatal = true;
    onTrouble(error);
  });
  producer.on('delivery-report', (error, report) => {
    const { sending, at } = report.opaque as { sending: Sending; at: number };
    settle(sending, at, error ?? undefined);
  });
  await connected(producer, String(settings['bootstrap.servers']));
  producer.setPollInterval(pollMs);

  const produce = async (topic: string, message: OutgoingMessage, sending: Sending, at: number): Promise<void> => {
    const headers = message.headers?.map(([name, value]) => ({ [name]: value }));
    for (;;) {
      try {
        producer.produce(topic, null, message.value, message.key, message.timestamp ?? Date.now(), { sending, at }, headers ?? []);
        return;
      } catch (error) {
        const { code, message: text } = error as LibrdKafkaError;
        if (code !== fullCode) return settle(sending, at, { code, message: text });
        await sleep(pollMs);
      }
    }
  };

  return {
    broken: () => fatal,
    async send(topic, messages) {
      if (messages.length === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const sending = await new Promise<Sending>((resolve, reject) => {
        const all: Sending = {
          total: messages.length,
          open: messages.length,
          failed: [],
          error: undefined,
          tooLarge: false,
          done: () => resolve(all),
        };
        timer = setTimeout(() => {
          fatal = true;
          reject(new NotSent(topic, [...messages.keys()], { message: 'no answer', code: 0 }));
        }, answerMs);
        void (async () => {
          for (const [at, message] of messages.entries()) await produce(topic, message, all, at);
        })();
      }).finally(() => clearTimeout(timer));
      if (sending.error)
        throw new NotSent(
          topic,
          sending.failed.sort((a, b) => a - b),
          sending.error,
          sending.tooLarge,
        );
    },
    async close() {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => producer.disconnect(closeMs, () => resolve())),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, closeMs);
        }),
      ]);
      clearTimeout(timer);
    },
  };
}

function settle(sending: Sending, at: number, error: { message: string; code: number } | undefined): void {
  sending.open--;
  if (error) {
    sending.failed.push(at);
    sending.error ??= { message: error.message, code: error.code };
    if (error.code === tooLargeCode || tooLargeText.test(error.message)) sending.tooLarge = true;
  }
  if (sending.open === 0) sending.done();
}

function newProducer(library: KafkaLibrary, settings: object): Producer {
  try {
    return new library.Producer({ ...settings, dr_cb: true }, {});
  } catch (error) {
    throw new WeirError('config_invalid', `librdkafka refuses its settings: ${(error as Error).message}`, {
      place: 'kafka.client',
      hint: 'The names are those of CONFIGURATION.md of librdkafka.',
      cause: error,
    });
  }
}

function connected(producer: Producer, brokers: string): Promise<void> {
  return new Promise((resolve, reject) =>
    producer.connect({ timeout: connectMs }, (error) => {
      if (!error) return resolve();
      producer.disconnect(() => undefined);
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
