/** The life of the laptop's server: starts, restarts, ends with its parent, and never shares a directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../store.ts';
import { freePort } from './port.ts';
import { type Server, type ServerEvent, startServer } from './start.ts';

let directory = '';
const running: Server[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-server-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(directory, { recursive: true, force: true });
});

async function start(log?: (event: ServerEvent) => void): Promise<Server> {
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0, ...(log === undefined ? {} : { log }) });
  running.push(server);
  return server;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true');
    await sleep(20);
  }
}

async function answer(server: Server): Promise<string> {
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir, database: 'default' });
  try {
    return (await store.select<{ n: number }>('SELECT 1 AS n'))[0]?.n === 1 ? 'one' : 'other';
  } finally {
    await store.close();
  }
}

describe('the server', () => {
  it('answers, and leaves nothing running when it is stopped', async () => {
    const server = await start();
    expect(await answer(server)).toBe('one');
    const pid = server.pid();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('keeps passwords and configuration from others', async () => {
    const server = await start();
    for (const file of ['credentials', 'server/users.xml', 'server/config.xml'])
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    const anonymous = async (sql: string): Promise<number> => (await fetch(server.url, { method: 'POST', body: sql })).status;
    expect(await anonymous("SELECT * FROM file('/etc/passwd', 'LineAsString')")).toBeGreaterThanOrEqual(400);
    expect(await anonymous('SELECT * FROM system.processes')).toBeGreaterThanOrEqual(400);
    expect(await anonymous('CREATE DATABASE mine')).toBeGreaterThanOrEqual(400);
    expect(await answer(server)).toBe('one');
  });

  it('has the same passwords and data after a second start', async () => {
    const first = await start();
    const store = connect({ url: first.url, user: 'weir', password: first.credentials.weir });
    await store.createDatabase();
    await store.command('CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a');
    await store.insert('t', [{ a: 7 }], 'token');
    await store.close();
    await first.stop();
    const second = await start();
    expect(second.credentials).toEqual(first.credentials);
    const again = connect({ url: second.url, user: 'weir', password: second.credentials.weir });
    expect(await again.select('SELECT a FROM t')).toEqual([{ a: 7 }]);
    await again.close();
  });

  it('refuses a directory that another one has', async () => {
    await start();
    await expect(startServer({ directory, httpPort: 0, tcpPort: 0 })).rejects.toMatchObject({ code: 'data_locked', place: directory });
  });

  it('is started again when it dies unasked, on the same ports', async () => {
    const events: ServerEvent[] = [];
    const server = await start((event) => events.push(event));
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    await until(() => events.some(({ type }) => type === 'restarted'));
    expect(events.map(({ type }) => type)).toEqual(['ended', 'restarted']);
    expect(server.pid()).not.toBe(before);
    expect(await answer(server)).toBe('one');
  });

  it.each(['base', 'rollup'])('has a block once that it was killed over between the log of tokens and the part: %s', async (table) => {
    const first = await start();
    const store = connect({ url: first.url, user: 'weir', password: first.credentials.weir });
    await store.createDatabase();
    const window = 'SETTINGS non_replicated_deduplication_window = 100';
    await store.command(`CREATE TABLE base (day Date, a UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY a ${window}`);
    await store.command(
      `CREATE TABLE rollup (day Date, a UInt32) ENGINE = SummingMergeTree PARTITION BY toYYYYMM(day) ORDER BY day ${window}`,
    );
    await store.command('CREATE MATERIALIZED VIEW v TO rollup AS SELECT day, sum(a) AS a FROM base GROUP BY day');
    const blocks = [1, 10, 100].map((a) => ['2026-10-01', '2026-11-01'].map((day) => ({ day, a })));
    for (const [i, rows] of blocks.entries()) await store.insert('base', rows, `token-${i}`);
    const [path] = await store.select<{ path: string }>(
      `SELECT path FROM system.parts WHERE active AND database = 'weir' AND table = {table:String} AND partition = '202611' AND max_block_number = (SELECT max(max_block_number) FROM system.parts WHERE database = 'weir' AND table = {table:String} AND partition = '202611') AND level = 0`,
      { table },
    );
    await store.close();
    process.kill(first.pid(), 'SIGKILL');
    await first.stop();
    // What the disk holds when the log was written and the part was not: the block's last part is missing.
    rmSync(String(path?.path), { recursive: true });
    const second = await start();
    const again = connect({ url: second.url, user: 'weir', password: second.credentials.weir });
    const sums = async (): Promise<unknown> =>
      (await again.select('SELECT (SELECT toUInt32(sum(a)) FROM base) AS base, (SELECT toUInt32(sum(a)) FROM rollup) AS rollup'))[0];
    expect(await sums()).toEqual({ base: 222, rollup: 222, [table]: 122 });
    for (let time = 0; time < 2; time++) for (const [i, rows] of blocks.entries()) await again.insert('base', rows, `token-${i}`);
    expect(await sums()).toEqual({ base: 222, rollup: 222 });
    await again.close();
  });

  it('can be stopped while it is being started again', async () => {
    const server = await start();
    process.kill(server.pid(), 'SIGKILL');
    await server.stop();
    await sleep(500);
    expect(isAlive(server.pid())).toBe(false);
  });

  it('takes the next port when the wished one is taken', async () => {
    const port = await freePort(18_200);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    try {
      const server = await startServer({ directory, httpPort: port, tcpPort: 0 });
      running.push(server);
      expect(server.httpPort).toBeGreaterThan(port);
      expect(server.tcpPort).not.toBe(server.httpPort);
    } finally {
      squatter.close();
    }
  });

  it('ends by itself when its parent is killed with -9', async () => {
    const source = `import { startServer } from ${JSON.stringify(new URL('./start.ts', import.meta.url).href)};
      void startServer({ directory: ${JSON.stringify(directory)}, httpPort: 0, tcpPort: 0 }).then((server) => { console.log(JSON.stringify({ pid: server.pid(), url: server.url })); setInterval(() => {}, 1000); });`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { pid, url } = await firstLine(parent);
    expect((await fetch(`${url}/ping`)).ok).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await expect(fetch(`${url}/ping`)).rejects.toThrow();
    // The directory is free again.
    await start();
  });
});

function firstLine(child: ChildProcess): Promise<{ pid: number; url: string }> {
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8');
    child.stdout?.once('data', (text: string) => resolve(JSON.parse(text)));
    child.once('exit', () => reject(new Error('the parent ended early')));
  });
}
