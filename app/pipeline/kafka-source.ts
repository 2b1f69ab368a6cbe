/** One source of topics: connects, runs, and connects again when that ends. It never gives up. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import type { KafkaSettings, KafkaSourceSettings } from '../../core/settings/index.ts';
import { consumerSettings } from '../../ingest/kafka/client-settings.ts';
import { type KafkaTrouble, openConsumer } from '../../ingest/kafka/consumer.ts';
import type { KafkaLibrary } from '../../ingest/kafka/library.ts';
import type { KafkaLoss } from './kafka-open.ts';
import { pauseAfter } from './kafka-pauses.ts';
import { createRun } from './kafka-run.ts';
import type { PartitionFacts } from './partition-facts.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import type { UnitTotals } from './unit-writer.ts';

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
  /** The library has reported an error that passes by itself. */
  readonly onTrouble?: (error: KafkaTrouble) => void;
  /** Kafka has answered a question. */
  readonly onHeard?: () => void;
}

/** Runs until the signal. Rejects with config_invalid when the settings are refused, and with nothing else. */
export async function runKafkaSource(options: KafkaSourceOptions): Promise<void> {
  const { signal, log, source, library } = options;
  if (!library.features.includes('zstd'))
    log.info({ source: source.name }, 'node-rdkafka was built without libzstd: topics compressed with zstd cannot be read');
  const settings = settingsOf(options);
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await runOnce(options, settings, () => {
        failures = 0;
      });
    } catch (error) {
      if (error instanceof WeirError && error.code === 'config_invalid') throw error;
      const pause = pauseAfter(failures);
      log.error(
        { source: source.name, error: error instanceof Error ? error.message : String(error), pause_ms: pause },
        'kafka source failed; it is tried again',
      );
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
