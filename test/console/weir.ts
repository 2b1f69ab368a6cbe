/** A Weir of its own that runs as people run it, with a browser's way in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Store } from '../../sql/store.ts';
import { until } from '../support/processes.ts';
import { program } from '../support/weir.ts';

export interface ConsoleWeir {
  /** e.g. http://127.0.0.1:8080 */
  readonly origin: string;
  /** Token of the owner. */
  readonly token: string;
  /** As the user `weir` of its ClickHouse. */
  readonly store: Store;
  /** Puts a file into the inbox of the source `msc`, as a whole. */
  drop(name: string, text: string): void;
  /** Posts a record to a source of the type http. */
  post(source: string, record: object): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on free ports and waits until it is ready. */
export async function startConsoleWeir(): Promise<ConsoleWeir> {
  const root = mkdtempSync(join(tmpdir(), 'weir-console-'));
  const data = join(root, 'data');
  const inbox = join(root, 'inbox');
  const config = join(root, 'weir.yaml');
  mkdirSync(inbox);
  writeFileSync(
    config,
    `
ingest: { scanSeconds: 0.1 }
http: { port: 28480 }
clickhouse: { httpPort: 28423, nativePort: 29400 }
sources:
  msc: { type: file, format: weir-csv, directory: ${inbox}, complete: rename, pattern: '*.csv', sequence: { pattern: 'sw_{sequence}.csv' } }
  posted: { type: http, format: weir-json }
  changes: { type: http, format: 'weir-json:change_event' }
`,
  );
  const child = spawn(process.execPath, [program, 'start', '--json', '--data', data, '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: root,
  });
  let [said, ready] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ready += text;
  });
  try {
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
        return ready.includes('\n');
      },
      'Weir is not ready',
      150_000,
    );
  } catch (error) {
    child.kill('SIGINT');
    throw new Error(`${(error as Error).message}: ${said}`);
  }
  const { page, clickhouse } = JSON.parse(ready) as { page: string; clickhouse: string };
  const { weir: password } = JSON.parse(readFileSync(join(data, 'credentials'), 'utf8')) as { weir: string };
  const store = connect({ url: clickhouse, user: 'weir', password });
  const { origin } = new URL(page);
  const token = readFileSync(join(data, 'run', 'owner.token'), 'utf8').trim();
  return {
    origin,
    token,
    store,
    drop(name, text) {
      writeFileSync(join(inbox, `${name}.part`), text);
      renameSync(join(inbox, `${name}.part`), join(inbox, name));
    },
    async post(source, record) {
      const answer = await fetch(`${origin}/api/v1/ingest/${source}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(record),
      });
      if (!answer.ok) throw new Error(`${source}: ${answer.status} ${await answer.text()}`);
    },
    async stop() {
      await store.close();
      const gone = once(child, 'close');
      if (child.exitCode === null) {
        child.kill('SIGINT');
        await gone;
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}
