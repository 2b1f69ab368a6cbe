/** A MariaDB server for a test: on loopback, in a fresh directory, gone afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort } from './port.ts';

export interface TestMariadb {
  readonly port: number;
  readonly database: string;
  readonly passwordFile: string;
  readonly password: string;
  /** Runs statements, one after another, as a user who may write. */
  run(...statements: string[]): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const server = ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd', '/opt/homebrew/bin/mariadbd'].find((path) => existsSync(path));
const installer = ['/usr/bin/mariadb-install-db', '/opt/homebrew/bin/mariadb-install-db'].find((path) => existsSync(path));

/** Why there is none here; undefined when there is one. With WEIR_FETCH=real (continuous integration) a missing one is an error. */
export function mariadbMissing(): string | undefined {
  if (server && installer) return undefined;
  if (process.env['WEIR_FETCH'] === 'real') throw new Error('MariaDB is not installed: .ci/run installs mariadb-server');
  return 'MariaDB is not installed (Debian: mariadb-server)';
}

const password = 'weir-test-secret-4b7e';
const database = 'billing';

export async function startMariadb(): Promise<TestMariadb> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-mariadb-'));
  const data = join(directory, 'data');
  mkdirSync(data);
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const first = join(directory, 'first.sql');
  writeFileSync(
    first,
    `CREATE DATABASE IF NOT EXISTS ${database};
CREATE USER IF NOT EXISTS 'weir'@'127.0.0.1' IDENTIFIED BY '${password}';
GRANT ALL ON ${database}.* TO 'weir'@'127.0.0.1';
`,
  );
  // As root it wants to be told that this is meant.
  const as = process.getuid?.() === 0 ? ['--user=root'] : [];
  const common = ['--no-defaults', ...as, `--datadir=${data}`, '--innodb-buffer-pool-size=16M', '--innodb-log-file-size=8M'];
  execFileSync(installer as string, [...common, '--skip-test-db', '--auth-root-authentication-method=normal'], {
    cwd: directory,
    stdio: 'ignore',
  });
  const port = await freePort();
  let child: ChildProcess | undefined;
  let said = '';
  const connected = () => createConnection({ host: '127.0.0.1', port, user: 'weir', password, database });
  const start = async (): Promise<void> => {
    const started = spawn(
      server as string,
      [
        ...common,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        `--socket=${join(directory, 'socket')}`,
        `--pid-file=${join(directory, 'pid')}`,
        `--init-file=${first}`,
        '--skip-name-resolve',
        '--innodb-flush-log-at-trx-commit=0',
        '--performance-schema=off',
      ],
      { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child = started;
    started.stderr?.on('data', (text: Buffer) => {
      said = `${said}${text}`.slice(-2000);
    });
    for (let tries = 0; ; tries++) {
      const client = await connected().catch(() => undefined);
      if (client) {
        await client.end();
        break;
      }
      if (tries > 600 || started.exitCode !== null) throw new Error(`MariaDB does not start: ${said}`);
      await sleep(100);
    }
  };
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    port,
    database,
    password,
    passwordFile,
    async run(...statements) {
      const client = await connected();
      try {
        for (const statement of statements) await client.query(statement);
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
