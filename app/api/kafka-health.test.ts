import { describe, expect, it } from 'vitest';
import { kafkaHealth } from './kafka-health.ts';

const silent = (value: number) => ({ name: 'weir_kafka_silent_seconds', values: [{ value, labels: { source: 'calls' } }] });
const waiting = (...seconds: number[]) => ({
  name: 'weir_kafka_waiting_seconds',
  values: seconds.map((value, partition) => ({ value, labels: { source: 'calls', topic: 'cdr', partition: String(partition) } })),
});

describe('the health of topics', () => {
  it('is not judged where no source reads one', () => {
    expect(kafkaHealth([waiting()])).toBeUndefined();
    expect(kafkaHealth('no metrics')).toBeUndefined();
  });

  it('is progress: messages that wait while some are stored are none to worry about, others are', () => {
    expect(kafkaHealth([silent(3), waiting(0, 59)])).toEqual({ ok: true, message: 'topics move' });
    expect(kafkaHealth([silent(3), waiting(0, 95.4, 61)])).toEqual({
      ok: false,
      message: 'calls cdr/1: messages wait, and none was stored for 95 s; 1 more',
    });
  });

  it('is bad when Kafka is silent, whatever was last known of its topics', () => {
    expect(kafkaHealth([silent(61), waiting(0)])).toEqual({ ok: false, message: 'calls: Kafka has not answered for 61 s' });
  });
});
