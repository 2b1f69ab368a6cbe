/** How a topic partition stands, for metrics and health. */
import type { KafkaPartition, PartitionState } from './kafka-partition.ts';

export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
  readonly state: PartitionState;
  /** Messages in the topic that are not stored yet. */
  readonly lag: number;
  /** Seconds since a batch of it was stored, while there is something to store; 0 = nothing waits. */
  readonly waitsSeconds: number;
}

/** @param now by the monotonic clock, ms */
export function factsOf(
  partition: Pick<KafkaPartition, 'id' | 'state' | 'high' | 'storedOffset' | 'lastStoredAt'>,
  now: number,
): PartitionFacts {
  const lag = Math.max(0, partition.high - partition.storedOffset);
  return {
    ...partition.id,
    state: partition.state,
    lag,
    waitsSeconds: lag === 0 ? 0 : Math.max(0, now - partition.lastStoredAt) / 1000,
  };
}
