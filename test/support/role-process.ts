/** One role in a process of its own, started as the supervisor does, so that a test can kill it at any moment. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromRole, RoleEvent, RoleStart, ToRole } from '../../app/roles/role.ts';

const entry = fileURLToPath(new URL('../../dist/app/roles/main.js', import.meta.url));

export interface RoleProcess {
  readonly pid: number;
  readonly info: Readonly<Record<string, string>>;
  /** How it ended, exit code or signal; empty while it runs. */
  ended(): string;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
}

/** Starts the role and resolves when it is ready. Its output goes to the log file of the data directory, as in operation. */
export async function startRole(start: RoleStart, onEvent: (event: RoleEvent) => void = () => undefined): Promise<RoleProcess> {
  const child = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const log = createWriteStream(join(start.dataDirectory, 'logs', `${start.role}.log`), { flags: 'a', mode: 0o600 });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  const info = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    child.on('message', (message: FromRole) => {
      if (message.type === 'ready') resolve(message.info);
      else if (message.type === 'event') onEvent(message.event);
      else reject(new Error(`${message.message} ${message.hint}`));
    });
    child.once('exit', (code, signal) => reject(new Error(`the role ended with ${signal ?? code} before it was ready`)));
    const first: ToRole = { type: 'start', start };
    child.send(first);
  });
  return {
    pid: child.pid as number,
    info,
    ended: () => String(child.signalCode ?? child.exitCode ?? ''),
    kill: () => end(child, () => child.kill('SIGKILL')),
    stop: () =>
      end(child, () => {
        const stop: ToRole = { type: 'stop' };
        child.send(stop);
      }),
  };
}

async function end(child: ChildProcess, act: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  act();
  await gone;
}
