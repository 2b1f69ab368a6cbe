/** Opens a topic partition from the ledger, again and again until it is open or no longer ours. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TopicConsumer } from '../../ingest/kafka/consumer.ts';
import { type OpeningOptions, openPartition, TooShort } from './kafka-open.ts';
import type { KafkaPartition } from './kafka-partition.ts';
import { pauseAfter } from './kafka-pauses.ts';

export interface OpenerOptions extends Omit<OpeningOptions, 'consumer' | 'certain' | 'begun'> {
  readonly log: Logger;
  readonly consumer: () => TopicConsumer | undefined;
  /** Whether it is still this one that has to be opened. */
  readonly ours: (partition: KafkaPartition) => boolean;
  readonly pause: (partition: KafkaPartition) => void;
  readonly resume: (partition: KafkaPartition) => void;
}

/** How long a topic must end before what is stored until it counts as another one, ms. */
const certainMs = 8000;

/**
 * Leaves what the partition holds, and resolves when it runs again or is somebody else's. Never rejects.
 * @param after name in the ledger that turned out to be that of a deleted topic
 */
export function reopen(options: OpenerOptions, partition: KafkaPartition, after?: string): Promise<void> {
  partition.drop('opening');
  options.pause(partition);
  const opening = ++partition.openings;
  partition.opened = partition.opened.then(() => open(options, partition, opening, after));
  return partition.opened;
}

async function open(options: OpenerOptions, partition: KafkaPartition, opening: number, after?: string): Promise<void> {
  const { log } = options;
  // A newer one begins when this one has ended.
  const ours = (one: KafkaPartition): boolean => one.openings === opening && options.ours(one);
  let shortSince = 0;
  for (;;) {
    if (partition.failures > 0) await sleep(pauseAfter(partition.failures - 1));
    partition.failures++;
    await partition.sending;
    const consumer = options.consumer();
    if (!ours(partition) || !consumer) return;
    try {
      const certain = shortSince > 0 && performance.now() - shortSince > certainMs;
      const begin = await openPartition({ ...options, consumer, certain, begun: partition.begun }, partition.id, after);
      if (!ours(partition)) return;
      await consumer.seek(partition.id, begin.checkAt >= 0 ? begin.checkAt : begin.next);
      if (!ours(partition)) return;
      partition.run(begin.resume, begin.next, begin.checkAt);
      partition.high = begin.high;
      partition.lastStoredAt = performance.now();
      options.resume(partition);
      log.debug(
        { source: options.source, partition: partition.key, next: partition.next, state: partition.state },
        'topic partition opened',
      );
      return;
    } catch (error) {
      if (!(error instanceof TooShort)) shortSince = 0;
      else if (shortSince === 0) shortSince = performance.now();
      const why = error instanceof Error ? error.message : String(error);
      log.warn({ source: options.source, partition: partition.key, error: why }, 'topic partition cannot be opened yet');
    }
  }
}
