/** A PostgreSQL server for a test: on loopback, in a fresh directory, gone afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './port.ts';
import { answers } from './sshd.ts';

export interface TestPostgres {
  readonly port: number;
  readonly passwordFile: string;
  readonly password: string;
  /** Runs statements as the owner. */
  run(sql: string): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

function binaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((path) => existsSync(join(path, 'initdb')));
}

/** Why there is none here; undefined when there is one. With WEIR_FETCH=real (continuous integration) a missing one is an error. */
export function postgresMissing(): string | undefined {
  if (binaries()) return undefined;
  if (process.env['WEIR_FETCH'] === 'real') throw new Error('PostgreSQL is not installed: .ci/run installs postgresql');
  return 'PostgreSQL is not installed (Debian: postgresql)';
}

const password = 'weir-test-secret-9f2c';

export async function startPostgres(): Promise<TestPostgres> {
  const bin = binaries() as string;
  const directory = mkdtempSync(join(tmpdir(), 'weir-postgres-'));
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  // The server refuses to run as root.
  const as = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (as.uid !== undefined && as.gid !== undefined) for (const path of [directory, passwordFile]) chownSync(path, as.uid, as.gid);
  const data = join(directory, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'weir', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'],
    {
      ...as,
      cwd: directory,
      stdio: 'ignore',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    },
  );
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = [
      '-D',
      data,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
      '-c',
      'shared_buffers=32MB',
    ];
    child = spawn(join(bin, 'postgres'), options, { ...as, cwd: directory, stdio: 'ignore' });
    for (let tries = 0; !(await ready()); tries++) {
      if (tries > 300 || child.exitCode !== null) throw new Error('PostgreSQL does not start');
      await sleep(100);
    }
  };
  const connected = async (): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'weir', password, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const ready = async (): Promise<boolean> => {
    if (!(await answers(port))) return false;
    return connected().then(
      async (client) => {
        await client.end();
        return true;
      },
      () => false,
    );
  };
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    // At once, and its processes with it.
    ending.kill('SIGQUIT');
    await gone;
  };
  await start();
  return {
    port,
    password,
    passwordFile,
    async run(sql) {
      const client = await connected();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    },
    kill,
    start,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function idOf(which: '-u' | '-g'): number {
  for (const user of ['postgres', 'nobody']) {
    try {
      return Number(execFileSync('id', [which, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      // The next one.
    }
  }
  throw new Error('no user but root to run PostgreSQL as');
}
