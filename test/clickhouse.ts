/** A real ClickHouse of its own for an integration test: fresh directory, migrated, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { migrate } from '../sql/migrate.ts';
import { type Server, startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';

export interface TestClickHouse {
  /** The data directory; the server's files are below it. */
  readonly directory: string;
  readonly server: Server;
  /** As the user `weir`. */
  readonly store: Store;
}

/** Starts one without vitest's hooks: for tests that start and stop servers themselves. */
export async function startClickHouse(
  directory: string = mkdtempSync(join(tmpdir(), 'weir-test-')),
): Promise<TestClickHouse & { stop(options?: { readonly keep?: boolean }): Promise<void> }> {
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  const stop = async ({ keep = false } = {}): Promise<void> => {
    await store.close();
    await server.stop();
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  try {
    await migrate(store);
  } catch (error) {
    await stop();
    throw error;
  }
  return { directory, server, store, stop };
}

/**
 * To be called once at the top of a test file or `describe`. The properties may be read from `beforeAll` on.
 * @example const clickhouse = withClickHouse(); it('answers', async () => { await clickhouse.store.select('SELECT 1'); });
 */
export function withClickHouse(): TestClickHouse {
  let running: Awaited<ReturnType<typeof startClickHouse>> | undefined;
  const use = (): TestClickHouse => {
    if (running === undefined) throw new Error('ClickHouse runs between beforeAll and afterAll only');
    return running;
  };
  beforeAll(async () => {
    running = await startClickHouse();
  });
  afterAll(async () => {
    await running?.stop();
  });
  return {
    get directory() {
      return use().directory;
    },
    get server() {
      return use().server;
    },
    get store() {
      return use().store;
    },
  };
}
