/** Rows of several parts on their way to the same tables: stored together, since each insert costs as much as thousands of rows. */
import type { SeriesStore } from './port.ts';

/** So many rows of a table are stored at once. */
const mostRows = 20_000;

export interface Pages {
  /** Keeps rows for the next `flush`; what is a page full is stored at once. Rejects when the database does not answer. */
  add(table: string, rows: readonly object[]): Promise<void>;
  /** Stores what is kept. What rejects stays, and is stored with the next. */
  flush(): Promise<void>;
}

interface Page {
  readonly token: string;
  readonly rows: readonly object[];
}

/** @param tenant whose rows they are: part of the tokens */
export function createPages(store: Pick<SeriesStore, 'insert'>, tenant: string): Pages {
  const kept = new Map<string, object[]>();
  /** Pages that were sent and perhaps not stored: they go again as they are, under the same token. */
  const sent = new Map<string, Page>();
  let turn = 0;

  async function storePage(table: string): Promise<void> {
    for (;;) {
      const page = sent.get(table) ?? next(table);
      if (!page) return;
      sent.set(table, page);
      await store.insert(table, page.rows, page.token);
      sent.delete(table);
    }
  }

  function next(table: string): Page | undefined {
    const rows = kept.get(table)?.splice(0) ?? [];
    return rows.length === 0 ? undefined : { token: `pages/${tenant}/${process.pid}/${performance.timeOrigin}/${table}/${turn++}`, rows };
  }

  return {
    async add(table, rows) {
      const own = kept.get(table) ?? [];
      kept.set(table, own);
      for (const row of rows) own.push(row);
      if (own.length >= mostRows) await storePage(table);
    },
    async flush() {
      for (const table of kept.keys()) await storePage(table);
    },
  };
}
