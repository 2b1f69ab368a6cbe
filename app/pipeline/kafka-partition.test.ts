import { expect, it } from 'vitest';
import type { PartitionDesk } from './kafka-desk.ts';
import { KafkaPartition } from './kafka-partition.ts';

const running = (): KafkaPartition => {
  const one = new KafkaPartition({ topic: 'calls', partition: 3 }, {} as PartitionDesk);
  Object.assign(one, { state: 'running', paused: false, next: 10, high: 20 });
  return one;
};

it('counts as stuck when more is there and nothing comes, ever more patiently', () => {
  const one = running();
  expect([0, 29_999, 30_000, 59_999, 89_999, 90_000, 209_999, 210_000].map((now) => one.stuck(now))).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
  one.next = 11;
  expect([210_000, 239_999, 240_000].map((now) => one.stuck(now))).toEqual([false, false, true]);
});

it.each([
  ['at the end', { next: 20 }],
  ['paused', { paused: true }],
  ['being opened', { state: 'opening' }],
  ['held up by itself', { backlog: [{}] }],
])('is not stuck while it is %s', (_, facts) => {
  const one = running();
  Object.assign(one, facts);
  expect([0, 30_000, 100_000].some((now) => one.stuck(now))).toBe(false);
});
