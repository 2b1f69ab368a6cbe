import { describe, expect, it } from 'vitest';
import type { Store } from '../../sql/store.ts';
import { sharedRows } from './cache.ts';

describe('one answer for all who ask the same at about the same time', () => {
  const clockAt = (start: number) => {
    let at = start;
    return { now: () => at, move: (ms: number) => (at += ms) };
  };
  const counting = (fails = 0) => {
    const asked: string[] = [];
    let left = fails;
    const rows = (async (name: string, params: object = {}) => {
      asked.push(`${name} ${JSON.stringify(params)}`);
      if (left-- > 0) throw new Error('away');
      return [{ n: asked.length }];
    }) as Store['rows'];
    return { asked, store: { rows } };
  };

  it('asks once while it is on its way and for a while after', async () => {
    const clock = clockAt(0);
    const { asked, store } = counting();
    const shared = sharedRows(store, clock, 100);
    expect(await Promise.all([shared.rows('a', { x: 1 }), shared.rows('a', { x: 1 })])).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    clock.move(99);
    expect(await shared.rows('a', { x: 1 })).toEqual([{ n: 1 }]);
    clock.move(1);
    expect(await shared.rows('a', { x: 1 })).toEqual([{ n: 2 }]);
    expect(asked).toHaveLength(2);
  });

  it('keeps apart what differs in the query or in a parameter', async () => {
    const { asked, store } = counting();
    const shared = sharedRows(store, clockAt(0), 100);
    await Promise.all([shared.rows('a', { x: 1 }), shared.rows('a', { x: 2 }), shared.rows('b', { x: 1 }), shared.rows('a')]);
    expect(asked).toHaveLength(4);
  });

  it('does not keep a failure', async () => {
    const { store } = counting(1);
    const shared = sharedRows(store, clockAt(0), 100);
    await expect(shared.rows('a')).rejects.toThrow('away');
    expect(await shared.rows('a')).toEqual([{ n: 2 }]);
  });

  it('forgets the oldest of very many', async () => {
    const { asked, store } = counting();
    const shared = sharedRows(store, clockAt(0), 1000);
    for (let x = 0; x <= 100; x++) await shared.rows('a', { x });
    await shared.rows('a', { x: 100 });
    expect(asked).toHaveLength(101);
    await shared.rows('a', { x: 0 });
    expect(asked).toHaveLength(102);
  });
});
