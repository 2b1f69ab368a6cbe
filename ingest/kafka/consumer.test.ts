import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openConsumer } from './consumer.ts';
import type { KafkaLibrary } from './library.ts';

/** A library that connects, and answers nothing afterwards: it has been seen to. */
class Silent extends EventEmitter {
  connect(_: object, done: (error: null) => void): void {
    done(null);
  }
  subscribe(): void {}
  setDefaultConsumeTimeout(): void {}
  consume(): void {}
  queryWatermarkOffsets(): void {}
  disconnect(): void {}
}

const library = { KafkaConsumer: Silent } as unknown as KafkaLibrary;
const events = { assigned: () => undefined, revoked: async () => undefined, trouble: () => undefined };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a library that does not come back', () => {
  it.each([
    ['a poll', 120_000, /does not come back/],
    ['a question', 20_000, /no answer/],
  ] as const)('from %s is given up', async (what, afterMs, message) => {
    const consumer = await openConsumer(library, { 'bootstrap.servers': 'k:9092' }, ['t'], events);
    const asked = what === 'a poll' ? consumer.poll() : consumer.watermarks({ topic: 't', partition: 0 });
    const ended = asked.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await vi.advanceTimersByTimeAsync(afterMs - 1);
    expect(await Promise.race([ended, Promise.resolve('waits')])).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toMatch(message);
  });

  it('from the end is left behind', async () => {
    const consumer = await openConsumer(library, { 'bootstrap.servers': 'k:9092' }, ['t'], events);
    const closed = consumer.close();
    await vi.advanceTimersByTimeAsync(8000);
    await expect(closed).resolves.toBeUndefined();
  });
});
