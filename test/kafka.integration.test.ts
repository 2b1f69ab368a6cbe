import { describe, expect, it } from 'vitest';
import { withKafka } from './kafka.ts';

const kafka = withKafka();

describe('the Kafka of the tests', () => {
  it('keeps what is sent, with key, headers, null and order, also over a restart', async () => {
    const { createTopic, produce, readAll, server } = kafka();
    await createTopic('kept', 2);
    const many = Array.from({ length: 300 }, (_, index) => ({ value: `m${index}`, partition: 0 }));
    await produce('kept', many);
    await produce('kept', [{ value: null, key: 'k', partition: 1, headers: { from: 'here' } }]);
    await server?.kill();
    await server?.start();
    const found = await readAll('kept', 2);
    expect(found.filter(({ key }) => key === '').map(({ value }) => value?.toString())).toEqual(many.map(({ value }) => value));
    expect(found.filter(({ key }) => key === 'k')).toMatchObject([{ key: 'k', value: null, headers: { from: 'here' } }]);
  });
});
