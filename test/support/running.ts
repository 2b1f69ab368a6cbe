/** A ClickHouse of the test's own that announces itself as a running Weir, so that commands attach to it instead of starting another. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { announceRunning, openDataDirectory } from '../../app/data-directory.ts';
import { startClickHouse, type TestClickHouse } from '../clickhouse.ts';

/** To be called once at the top of a test file. The properties but `directory` may be read from `beforeAll` on. */
export function withRunningWeir(): TestClickHouse {
  const directory = mkdtempSync(join(tmpdir(), 'weir-proof-'));
  let running: Awaited<ReturnType<typeof startClickHouse>> | undefined;
  const use = (): TestClickHouse => {
    if (running === undefined) throw new Error('ClickHouse runs between beforeAll and afterAll only');
    return running;
  };
  beforeAll(async () => {
    running = await startClickHouse(directory);
    announceRunning(openDataDirectory(directory), {
      pid: process.pid,
      tenant: 'main',
      demo: false,
      clickhouseUrl: running.server.url,
      httpUrl: '',
      startedAt: new Date().toISOString(),
    });
  });
  afterAll(() => running?.stop());
  return {
    directory,
    get server() {
      return use().server;
    },
    get store() {
      return use().store;
    },
  };
}
