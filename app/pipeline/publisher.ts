/** One producer of a process, opened when it is first needed and opened again when it is broken. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { KafkaSettings } from '../../core/settings/index.ts';
import { producerSettings } from '../../ingest/kafka/client-settings.ts';
import { kafkaLibrary } from '../../ingest/kafka/library.ts';
import { type OutgoingMessage, openProducer, type TopicProducer } from '../../ingest/kafka/producer.ts';

export interface Publisher {
  /** Sends in order and resolves when the cluster holds all; rejects when it does not hold some. */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** The same error of the library is logged this often, ms. */
const tellEveryMs = 30_000;
/** Pause between attempts to connect, ms. */
const againMs = 1000;

/**
 * Checks the settings at once, connects at the first message.
 * @throws WeirError config_invalid
 */
export function createPublisher(kafka: KafkaSettings, password: string, log: Pick<Logger, 'info' | 'warn'>): Publisher {
  const settings = producerSettings({ brokers: kafka.brokers, given: [{ path: 'kafka.client', settings: kafka.client }], password });
  let opening: Promise<TopicProducer> | undefined;
  let toldAt = 0;
  let failedAt = 0;
  const open = async (): Promise<TopicProducer> => {
    const wait = failedAt + againMs - Date.now();
    if (wait > 0) await sleep(wait);
    try {
      const library = await kafkaLibrary((text) => log.info(text));
      return await openProducer(library, settings, (error) => {
        if (Date.now() - toldAt < tellEveryMs) return;
        toldAt = Date.now();
        log.warn({ code: error.code, error: error.message }, 'kafka producer');
      });
    } catch (error) {
      failedAt = Date.now();
      throw error;
    }
  };
  const producer = async (): Promise<TopicProducer> => {
    if (opening && (await opening.catch(() => undefined))?.broken() !== false) {
      const old = opening;
      opening = undefined;
      void old.then((one) => one.close()).catch(() => undefined);
    }
    opening ??= open();
    return opening;
  };
  return {
    send: async (topic, messages) => (messages.length === 0 ? undefined : (await producer()).send(topic, messages)),
    close: async () => {
      const open = await opening?.catch(() => undefined);
      opening = undefined;
      await open?.close();
    },
  };
}
