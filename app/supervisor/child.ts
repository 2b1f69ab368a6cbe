/** One child process by role: started, watched, started again with growing pauses when it dies unasked, stopped in order. */
import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WeirError } from '../../core/errors.ts';
import { type FromRole, processName, type RoleEvent, type RoleStart, type ToRole } from '../roles/role.ts';

/** Pauses before a dead child is started again, in ms; the last one repeats. */
const pauses = [200, 500, 1000, 2000, 5000, 10_000];
/** A child that lived this long starts with the shortest pause again, in ms. */
const healthyMs = 30_000;
/** How long a starting role may go without a word. The demo, which is ready when its history is stored, tells its progress. */
const silenceMs = 60_000;
const stopDeadlineMs = 25_000;

export interface SupervisedChild {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly start: RoleStart;
  readonly logDirectory: string;
  readonly onEvent: (event: RoleEvent) => void;
  /** The child died unasked and is started again after `pauseMs`. */
  readonly onDeath: (facts: { role: string; reason: string; pauseMs: number }) => void;
}

const entry = fileURLToPath(new URL('../roles/main.js', import.meta.url));

/** Starts a role and resolves with its facts when it is ready; rejects when it fails the first time. */
export async function superviseChild(options: ChildOptions): Promise<{ child: SupervisedChild; info: Readonly<Record<string, string>> }> {
  const role = processName(options.start.role, options.start.number);
  const log = createWriteStream(join(options.logDirectory, `${role}.log`), { flags: 'a', mode: 0o600 });
  let stopping = false;
  let restarts = 0;
  let deaths = 0;
  let current: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;

  const launch = async (): Promise<Readonly<Record<string, string>>> => {
    const startedAt = performance.now();
    const child = spawnRole(log);
    current = child;
    const info = await ready(child, options);
    child.once('exit', (code, signal) => {
      if (stopping) return;
      deaths = performance.now() - startedAt > healthyMs ? 0 : deaths + 1;
      again(signal ? `killed by ${signal}` : `ended with code ${code}`);
    });
    return info;
  };
  const again = (reason: string): void => {
    const pauseMs = pauses[Math.min(deaths, pauses.length - 1)] as number;
    options.onDeath({ role, reason, pauseMs });
    timer = setTimeout(() => {
      restarts++;
      launch().catch((error: Error) => {
        deaths++;
        if (!stopping) again(error.message);
      });
    }, pauseMs);
  };

  const info = await launch();
  return {
    info,
    child: {
      name: role,
      get pid() {
        return current?.pid;
      },
      get restarts() {
        return restarts;
      },
      async stop() {
        stopping = true;
        clearTimeout(timer);
        if (current) await stopChild(current);
        log.end();
      },
    },
  };
}

function spawnRole(log: WriteStream): ChildProcess {
  const child = fork(entry, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--max-old-space-size=1024', '--enable-source-maps'],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
}

function ready(child: ChildProcess, { start, onEvent }: ChildOptions): Promise<Readonly<Record<string, string>>> {
  const name = processName(start.role, start.number);
  return new Promise((resolve, reject) => {
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${name} did not get ready: nothing heard of it for ${silenceMs / 1000} s`));
      }, silenceMs);
    let deadline = watch();
    let isReady = false;
    child.on('message', (message: FromRole) => {
      if (message.type === 'ready') {
        isReady = true;
        clearTimeout(deadline);
        resolve(message.info);
      } else if (message.type === 'event') {
        clearTimeout(deadline);
        if (!isReady) deadline = watch();
        onEvent(message.event);
      } else {
        clearTimeout(deadline);
        reject(new WeirError('usage', `${name}: ${message.message}`, { hint: message.hint }));
      }
    });
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      reject(new Error(`${name} ${signal ? `was killed by ${signal}` : `ended with code ${code}`} before it was ready`));
    });
    child.once('error', reject);
    const first: ToRole = { type: 'start', start };
    child.send(first);
  });
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    child.once('exit', () => {
      clearTimeout(deadline);
      resolve();
    });
    const stop: ToRole = { type: 'stop' };
    if (child.connected) child.send(stop);
    else child.kill('SIGTERM');
  });
}
