import { expect, it } from 'vitest';
import { slots } from './slots.ts';

it('runs a few at once, in order, and refuses what is too much', async () => {
  const run = slots(2, 2);
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = (name: number) =>
    run(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      done.push(name);
      if (name === 2) throw new Error('own');
      return name;
    });
  const all = await Promise.allSettled([work(1), work(2), work(3), work(4), work(5)]);
  expect(all.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message))).toEqual([
    1,
    'own',
    3,
    4,
    expect.stringContaining('Too many'),
  ]);
  expect([most, done]).toEqual([2, [1, 2, 3, 4]]);
  // What failed gave its place back.
  expect(await work(6)).toBe(6);
});
