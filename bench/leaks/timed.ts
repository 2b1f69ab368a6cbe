/** A store that knows what its queries took: which of them make a look slow. */
import type { Store } from '../../sql/store.ts';

const most = 8;

/** @returns the same store, and the queries that took longest so far as text: seconds and times */
export function timedStore(store: Store): { readonly store: Store; readonly slowest: () => string } {
  const spent = new Map<string, { seconds: number; times: number }>();
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const began = performance.now();
    try {
      return await work;
    } finally {
      const own = spent.get(name) ?? { seconds: 0, times: 0 };
      spent.set(name, { seconds: own.seconds + (performance.now() - began) / 1000, times: own.times + 1 });
    }
  };
  return {
    store: {
      ...store,
      rows: (query, params, options) => timed(query, store.rows(query, params, options)),
      columns: (query, params, options) => timed(query, store.columns(query, params, options)),
      insert: (table, rows, token) => timed(`insert ${table}`, store.insert(table, rows, token)),
      insertBlock: (table, block, token) => timed(`insert ${table}`, store.insertBlock(table, block, token)),
      command: (sql, params) => timed('command', store.command(sql, params)),
    },
    slowest: () =>
      [...spent]
        .sort(([, a], [, b]) => b.seconds - a.seconds)
        .slice(0, most)
        .map(([name, { seconds, times }]) => `${name} ${seconds.toFixed(1)} s in ${times}`)
        .join(', '),
  };
}
