/** OpenSSH's server with its SFTP subsystem for a test: on loopback, with keys of its own, gone afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './port.ts';

export interface TestSshd {
  readonly port: number;
  readonly user: string;
  /** Private key that is let in, and one that is not. */
  readonly keyFile: string;
  readonly otherKeyFile: string;
  /** Private key that is let in too, and the file with its passphrase. */
  readonly lockedKeyFile: string;
  readonly passphraseFile: string;
  readonly hostKey: string;
  /** A directory for files over there. */
  readonly files: string;
  /** Ends it at once, with all its connections. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd', '/opt/homebrew/sbin/sshd'].find((path) => existsSync(path));

/** Why there is none here; undefined when there is one. With WEIR_FETCH=real (continuous integration) a missing one is an error. */
export function sshdMissing(): string | undefined {
  if (sshd) return undefined;
  if (process.env['WEIR_FETCH'] === 'real') throw new Error('sshd is not installed: .ci/run installs openssh-server');
  return 'sshd is not installed (Debian: openssh-server)';
}

const passphrase = 'weir test passphrase 71c3';

export async function startSshd(): Promise<TestSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-sshd-'));
  const key = (name: string, type: string, phrase = ''): string => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', phrase, '-f', join(directory, name)]);
    return join(directory, name);
  };
  const host = key('host', 'ed25519');
  const client = key('client', 'ed25519');
  const other = key('other', 'ecdsa');
  const locked = key('locked', 'ed25519', passphrase);
  writeFileSync(join(directory, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  const files = join(directory, 'files');
  mkdirSync(files);
  const keys = join(directory, 'authorized_keys');
  writeFileSync(keys, `${readFileSync(`${client}.pub`, 'utf8')}${readFileSync(`${locked}.pub`, 'utf8')}`, { mode: 0o600 });
  const port = await freePort();
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const config = join(directory, 'config');
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${host}
AuthorizedKeysFile ${keys}
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
UsePAM no
MaxStartups 100
Subsystem sftp internal-sftp
`,
  );
  const blob = Buffer.from(readFileSync(`${host}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending?.pid || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    process.kill(-ending.pid, 'SIGKILL');
    await gone;
  };
  const start = async (): Promise<void> => {
    // A group of its own: its connections are processes that end with it.
    child = spawn(sshd as string, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said = `${said}${text}`.slice(-2000);
    });
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 300 || child.exitCode !== null) throw new Error(`sshd does not start: ${said}`);
      await sleep(50);
    }
  };
  await start();
  return {
    port,
    user: userInfo().username,
    keyFile: client,
    otherKeyFile: other,
    lockedKeyFile: locked,
    passphraseFile: join(directory, 'passphrase'),
    hostKey: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    files,
    kill,
    start,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
