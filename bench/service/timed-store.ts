/** A store that remembers how long each of its questions and inserts took: where the time of a look goes. */
import type { Store } from '../../sql/store.ts';

export interface Spent {
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
}

export interface TimedStore {
  readonly store: Store;
  /** What took longest, first; since the last time that it was asked. */
  spent(): readonly Spent[];
}

/** Measures the calls of a store by the query or table that they name. */
export function timedStore(of: Store): TimedStore {
  let sums = new Map<string, { calls: number; ms: number }>();
  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      const sum = sums.get(name) ?? { calls: 0, ms: 0 };
      sums.set(name, { calls: sum.calls + 1, ms: sum.ms + performance.now() - begun });
    }
  }
  return {
    store: {
      ...of,
      rows: <T>(query: string, ...more: [Parameters<Store['rows']>[1]?, Parameters<Store['rows']>[2]?]) =>
        timed(query, () => of.rows<T>(query, ...more)),
      columns: (query, ...more) => timed(query, () => of.columns(query, ...more)),
      named: (query, ...more) => timed(query, () => of.named(query, ...more)),
      insert: (table, rows, token) => timed(`insert ${table}`, () => of.insert(table, rows, token)),
      insertBlock: (table, block, token) => timed(`insert ${table}`, () => of.insertBlock(table, block, token)),
    },
    spent() {
      const all = [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.ms - a.ms);
      sums = new Map();
      return all;
    },
  };
}
