import { describe, expect, it } from 'vitest';
import { rejected } from '../../core/outcome.ts';
import { NotSent, type OutgoingMessage } from '../../ingest/kafka/producer.ts';
import { newDeadLetters } from './dead-letters.ts';
import type { Publisher } from './publisher.ts';

/** A topic that takes so many bytes at once, as one that is given a limit does. */
function narrow(most: number): { publisher: Publisher; taken: OutgoingMessage[] } {
  const taken: OutgoingMessage[] = [];
  const publisher: Publisher = {
    async send(topic, messages) {
      const size = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      if (size > most) throw new NotSent(topic, [...messages.keys()], { message: 'too large', code: 10 }, true);
      taken.push(...messages);
    },
    close: async () => undefined,
  };
  return { publisher, taken };
}

const message = (offset: number) => ({ topic: 't', partition: 0, offset, size: 0, value: null });
const facts = (position: number) => ({
  tenant: 'main',
  source: 's',
  partition: 't/0',
  position,
  recordsPerMessage: 10,
  rejection: rejected('unreadable', '', 'not JSON'),
  step: 'decode' as const,
});

describe('dead letters', () => {
  it('go one by one where the topic refuses them together, and cut where it refuses one', async () => {
    const { publisher, taken } = narrow(100_000);
    const letters = newDeadLetters(publisher, 'dead');
    for (const [at, length] of [60_000, 60_000, 500_000].entries()) letters.keep(message(at), Buffer.alloc(length, 97), facts(at * 10 + 3));
    expect(letters.bytes).toBe(620_000);
    await letters.send();
    expect(letters.bytes).toBe(0);
    const headersOf = ({ headers = [] }: OutgoingMessage) => Object.fromEntries(headers);
    expect(taken.map((one) => [one.value?.length, headersOf(one)['weir-truncated']])).toEqual([
      [60_000, undefined],
      [60_000, undefined],
      [65_536, '500000'],
    ]);
    expect(headersOf(taken[2] as OutgoingMessage)).toMatchObject({ 'weir-id': 'main/s/t/0/23', 'weir-offset': '2', 'weir-record': '3' });
  });

  it('that cannot be sent at all hold the batch', async () => {
    const { publisher } = narrow(1000);
    const letters = newDeadLetters(publisher, 'dead');
    letters.keep(message(0), Buffer.alloc(90_000), facts(0));
    await expect(letters.send()).rejects.toThrow(NotSent);
    expect(letters.bytes).toBe(90_000);
  });
});
