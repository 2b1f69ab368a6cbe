/** `weir start` as a person runs it: what happens when its processes are killed, when it is stopped, killed itself, or started twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { descendants, processes, until } from '../support/processes.ts';
import { seededRandom } from '../support/random.ts';
import { numberPrefix, writeUsageFile } from '../support/usage-file.ts';
import { program, weir } from '../support/weir.ts';

const root = mkdtempSync(join(tmpdir(), 'weir-start-'));
const data = join(root, 'data');
const inbox = join(root, 'inbox');
const random = seededRandom(7);

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly page: string;
  readonly clickhouse: string;
  /** Everything that it has printed for people. */
  said(): string;
}

let running: Running | undefined;

beforeAll(() => {
  mkdirSync(inbox);
  writeFileSync(
    join(root, 'weir.yaml'),
    `
ingest: { batchRecords: 1000, scanSeconds: 0.1 }
http: { port: 28180 }
clickhouse: { httpPort: 28123, nativePort: 29000 }
sources: { switch: { type: file, format: weir-csv, directory: ${inbox}, complete: rename, pattern: '*.csv' } }
`,
  );
});

afterEach(async () => {
  if (running && running.child.exitCode === null && running.child.signalCode === null) await stop(running, 'SIGINT');
  running = undefined;
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const args = ['start', '--json', '--data', data, '--config', join(root, 'weir.yaml')];

/** Starts it and waits until it says that it is ready. */
async function start(): Promise<Running> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: root });
  let said = '';
  let ready = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    ready += text;
  });
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${said}`);
      return ready.includes('\n');
    },
    'not ready',
    240_000,
  );
  const { page, clickhouse } = JSON.parse(ready) as { page: string; clickhouse: string };
  running = { child, pid: child.pid as number, page: new URL(page).origin, clickhouse, said: () => said };
  return running;
}

async function stop({ child }: Running, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'close');
  child.kill(signal);
  await gone;
}

const alive = (pids: readonly number[]): number[] => {
  const now = new Set(processes().map(({ pid }) => pid));
  return pids.filter((pid) => now.has(pid));
};

/** Processes of the data directory by their command line. */
const ofDirectory = (): string[] => processes().flatMap(({ command }) => (command.includes(data) ? [command] : []));

const rolesOf = (pid: number): number[] => descendants(pid).flatMap((one) => (/roles\/main\.js/.test(one.command) ? [one.pid] : []));

let series = 5;
async function drop(records: number): Promise<void> {
  const path = join(inbox, `f${++series}.csv`);
  await writeUsageFile(`${path}.part`, { records, random, series, brokenEvery: 50 });
  renameSync(`${path}.part`, path);
}

/** Good records in the table, asked of ClickHouse itself; -1 while it is away. */
async function storedRows(): Promise<number> {
  const { weir: password } = JSON.parse(readFileSync(join(data, 'credentials'), 'utf8')) as { weir: string };
  const response = await fetch(`${running?.clickhouse}/?query=${encodeURIComponent('SELECT count() FROM weir.usage')}`, {
    headers: { 'X-ClickHouse-User': 'weir', 'X-ClickHouse-Key': password },
  }).catch(() => undefined);
  return response?.ok ? Number(await response.text()) : -1;
}

it('starts every child again that is killed, and goes on', { timeout: 300_000 }, async () => {
  const { pid, page } = await start();
  await drop(2000);
  await until(async () => (await storedRows()) === 1960, 'the first file is not stored');
  const before = rolesOf(pid);
  expect(before).toHaveLength(3);
  for (const role of before) process.kill(role, 'SIGKILL');
  await until(() => rolesOf(pid).length === 3 && rolesOf(pid).every((role) => !before.includes(role)), 'the roles are not back');
  const server = descendants(pid).find(({ command }) => command.includes('--http_port'));
  process.kill(server?.pid ?? 0, 'SIGKILL');
  await until(() => descendants(pid).some((one) => one.command.includes('--http_port') && one.pid !== server?.pid), 'no ClickHouse');
  await drop(2000);
  await until(async () => (await storedRows()) === 3920, 'the second file is not stored');
  await until(
    () =>
      fetch(`${page}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'the API is not ready',
  );
  const accounting = await weir(['accounting', '--json', '--data', data], { cwd: root });
  expect(accounting.code, accounting.stdout).toBe(0);
});

it('takes commands while it runs: a webhook is registered, gets another secret, and is taken away', { timeout: 300_000 }, async () => {
  await start();
  const webhooks = (...words: string[]) => weir(['webhooks', ...words, '--json', '--data', data], { cwd: root });
  const refused = await webhooks('add', 'inside', 'https://10.0.0.1/hook');
  expect(refused.code, refused.stdout).not.toBe(0);
  expect(refused.stderr).toContain('must be a public address');
  const added = await webhooks('add', 'desk', 'https://desk.example.com/hook', '--severity', '2');
  expect(added.code, added.stderr).toBe(0);
  const { webhook, secret } = JSON.parse(added.stdout);
  expect(webhook).toMatchObject({ name: 'desk', url: 'https://desk.example.com/hook', minimum_severity: 2, rotated_at: null });
  expect(secret).toMatch(/^whsec_/);
  const rotated = JSON.parse((await webhooks('rotate', 'desk')).stdout);
  expect(rotated.secret).not.toBe(secret);
  expect(JSON.parse((await webhooks('list')).stdout).items).toMatchObject([{ name: 'desk', rotated_at: rotated.webhook.rotated_at }]);
  expect((await webhooks('remove', 'desk')).code).toBe(0);
  expect(JSON.parse((await webhooks()).stdout)).toEqual({ items: [] });
});

it('refuses a second start on the same directory, and Ctrl-C ends everything', { timeout: 300_000 }, async () => {
  const first = await start();
  const second = await weir(args, { cwd: root });
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('Weir already runs on');
  const all = descendants(first.pid).map(({ pid }) => pid);
  expect(all.length).toBeGreaterThanOrEqual(4);
  await stop(first, 'SIGINT');
  expect(first.child.exitCode).toBe(0);
  expect(first.said()).toContain('stopped');
  expect(alive(all)).toEqual([]);
  expect(ofDirectory()).toEqual([]);
});

it('leaves nothing running when it is killed in the middle of work, and is not refused the next start', { timeout: 300_000 }, async () => {
  const first = await start();
  const all = descendants(first.pid).map(({ pid }) => pid);
  await drop(20_000);
  const before = await storedRows();
  await until(async () => (await storedRows()) > before, 'nothing is stored');
  await stop(first, 'SIGKILL');
  await until(() => alive(all).length === 0 && ofDirectory().length === 0, 'processes are left behind', 10_000);

  // A process id that belongs to another program by now, as after a restart of the machine.
  const left = join(data, 'run', 'weir.json');
  writeFileSync(left, JSON.stringify({ ...(JSON.parse(readFileSync(left, 'utf8')) as object), pid: process.pid }));
  const began = performance.now();
  await start();
  console.log(`second start: ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await until(async () => (await storedRows()) === 3920 + 19_600, 'the rest is not stored');
  const accounting = await weir(['accounting', '--json', '--data', data], { cwd: root });
  expect(accounting.code, accounting.stdout).toBe(0);
});

it('shows nobody else its files, and writes no number into any log', () => {
  for (const name of ['.', 'credentials', 'pseudonym.key', 'logs', 'run', 'clickhouse', 'server'])
    expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
  const logs = readdirSync(join(data, 'logs'));
  expect(logs).toEqual(expect.arrayContaining(['ingest.log', 'detect.log', 'api.log', 'clickhouse.log']));
  for (const name of logs) {
    expect(readFileSync(join(data, 'logs', name), 'utf8').includes(numberPrefix.slice(1)), name).toBe(false);
  }
  for (const name of ['ingest.log', 'detect.log', 'api.log']) expect(statSync(join(data, 'logs', name)).mode & 0o077, name).toBe(0);
});
