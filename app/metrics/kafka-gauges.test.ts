import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { kafkaGauges } from './kafka-gauges.ts';

describe('gauges of topics', () => {
  it('grow while nothing is heard of a partition that waits, and of Kafka', async () => {
    const registry = new Registry();
    let now = 0;
    const gauges = kafkaGauges({ registers: [registry] }, () => now);
    const valuesOf = async (name: string): Promise<(number | undefined)[]> =>
      ((await registry.getMetricsAsJSON()).find((metric) => metric.name === name)?.values ?? []).map(({ value }) => Number(value));
    gauges.heard('calls');
    gauges.partitions('calls', [
      { topic: 't', partition: 0, state: 'running', lag: 5, waitsSeconds: 2 },
      { topic: 't', partition: 1, state: 'running', lag: 0, waitsSeconds: 0 },
    ]);
    now = 30_000;
    expect(await valuesOf('weir_kafka_waiting_seconds')).toEqual([32, 0]);
    expect(await valuesOf('weir_kafka_lag_messages')).toEqual([5, 0]);
    expect(await valuesOf('weir_kafka_silent_seconds')).toEqual([30]);
    // Partition 0 went to another instance: that one shows it.
    gauges.partitions('calls', [{ topic: 't', partition: 1, state: 'running', lag: 0, waitsSeconds: 0 }]);
    gauges.heard('calls');
    expect(await valuesOf('weir_kafka_lag_messages')).toEqual([0]);
    expect(await valuesOf('weir_kafka_silent_seconds')).toEqual([0]);
  });
});
