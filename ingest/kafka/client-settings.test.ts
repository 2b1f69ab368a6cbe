import { describe, expect, it } from 'vitest';
import { consumerSettings, producerSettings } from './client-settings.ts';

const facts = { brokers: 'k:9092', group: 'g', password: '' } as const;

describe('settings of the consumer', () => {
  it('pass through, those of the source before those of all', () => {
    const settings = consumerSettings({
      ...facts,
      password: 'p',
      given: [
        { path: 'kafka.client', settings: { 'security.protocol': 'sasl_ssl', 'client.rack': 'a' } },
        { path: 'sources.calls.settings', settings: { 'client.rack': 'b', 'fetch.wait.max.ms': 5 } },
      ],
    });
    expect(settings).toMatchObject({ 'security.protocol': 'sasl_ssl', 'client.rack': 'b', 'fetch.wait.max.ms': 5, 'sasl.password': 'p' });
  });

  it('keep what the guarantees rest on', () => {
    expect(consumerSettings({ ...facts, given: [] })).toMatchObject({
      'bootstrap.servers': 'k:9092',
      'group.id': 'g',
      'enable.auto.offset.store': false,
      'partition.assignment.strategy': 'cooperative-sticky',
      'isolation.level': 'read_committed',
    });
  });

  it.each(['enable.auto.commit', 'auto.offset.reset', 'group.id', 'isolation.level', 'plugin.library.paths', 'rebalance_cb'])(
    'refuse %s, naming the setting',
    (name) => {
      expect(() => consumerSettings({ ...facts, given: [{ path: 'sources.calls.settings', settings: { [name]: 'x' } }] })).toThrow(
        expect.objectContaining({ code: 'config_invalid', place: `sources.calls.settings.${name}` }),
      );
    },
  );

  it.each(['acks', 'enable.idempotence', 'transactional.id'])('refuse %s to a producer too', (name) => {
    expect(() =>
      producerSettings({ brokers: 'k:9092', password: '', given: [{ path: 'kafka.client', settings: { [name]: 'x' } }] }),
    ).toThrow(expect.objectContaining({ code: 'config_invalid', place: `kafka.client.${name}` }));
  });

  it('make every producer idempotent, and let the rest pass', () => {
    const given = [{ path: 'kafka.client', settings: { 'compression.codec': 'gzip', 'linger.ms': 50 } }];
    expect(producerSettings({ brokers: 'k:9092', password: 'p', given })).toMatchObject({
      'enable.idempotence': true,
      'compression.codec': 'gzip',
      'linger.ms': 50,
      'sasl.password': 'p',
    });
  });

  it('need brokers', () => {
    expect(() => consumerSettings({ ...facts, brokers: '', given: [] })).toThrow(/kafka.brokers/);
  });
});
