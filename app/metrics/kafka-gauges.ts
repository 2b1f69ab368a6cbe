/** Gauges of the sources of topics. They are worked out when they are asked for: one that stands still shows that it does. */
import { Gauge, type Registry } from 'prom-client';
import type { PartitionFacts } from '../pipeline/partition-facts.ts';

export interface KafkaGauges {
  partitions(source: string, facts: readonly PartitionFacts[]): void;
  heard(source: string): void;
}

/** @param now monotonic clock, ms */
export function kafkaGauges(of: { registers: Registry[] }, now: () => number = () => performance.now()): KafkaGauges {
  const known = new Map<string, { at: number; facts: readonly PartitionFacts[] }>();
  const heard = new Map<string, number>();
  const labelsOf = (source: string, { topic, partition }: PartitionFacts) => ({ source, topic, partition: String(partition) });
  const each = (gauge: Gauge, value: (fact: PartitionFacts, ageSeconds: number) => number): void => {
    // A partition that went to another instance is shown by that one.
    gauge.reset();
    for (const [source, { at, facts }] of known)
      for (const fact of facts) gauge.set(labelsOf(source, fact), value(fact, (now() - at) / 1000));
  };
  new Gauge({
    ...of,
    name: 'weir_kafka_lag_messages',
    help: 'Messages in the topic partition that are not stored yet',
    labelNames: ['source', 'topic', 'partition'],
    collect() {
      each(this, ({ lag }) => lag);
    },
  });
  new Gauge({
    ...of,
    name: 'weir_kafka_waiting_seconds',
    help: 'Seconds since a batch of the topic partition was stored, while messages wait; health is that this stays low',
    labelNames: ['source', 'topic', 'partition'],
    collect() {
      each(this, ({ lag, waitsSeconds }, ageSeconds) => (lag === 0 ? 0 : waitsSeconds + ageSeconds));
    },
  });
  new Gauge({
    ...of,
    name: 'weir_kafka_silent_seconds',
    help: 'Seconds since Kafka last answered a source',
    labelNames: ['source'],
    collect() {
      for (const [source, at] of heard) this.set({ source }, (now() - at) / 1000);
    },
  });
  return {
    partitions: (source, facts) => void known.set(source, { at: now(), facts }),
    heard: (source) => void heard.set(source, now()),
  };
}
