/** Entry of every child process: waits for its start message, runs its role, and ends when told to or when the supervisor is gone. */
import pino from 'pino';
import { WeirError } from '../../core/errors.ts';
import { type FromRole, processName, type Role, type RoleName, type RunningRole, type ToRole } from './role.ts';

const roles: { readonly [Name in RoleName]: () => Promise<Role> } = {
  ingest: async () => (await import('./ingest.ts')).ingestRole,
  detect: async () => (await import('./detect.ts')).detectRole,
  api: async () => (await import('./api.ts')).apiRole,
  demo: async () => (await import('./demo.ts')).demoRole,
};

/** Longest time a role may take to finish its work before the process ends anyway; a restart goes on from the ledger. */
const stopDeadlineMs = 20_000;
/** The same when the supervisor is gone, and ClickHouse with it: what is in work cannot be finished. */
const orphanDeadlineMs = 3000;

const tell = (message: FromRole): void => {
  if (process.connected) process.send?.(message);
};

let running: Promise<RunningRole> | undefined;
let stopping = false;

async function start(message: Extract<ToRole, { type: 'start' }>): Promise<RunningRole> {
  const { start } = message;
  const log = pino(
    { level: start.settings.logLevel, base: { role: processName(start.role, start.number) }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(1),
  );
  const role = await roles[start.role]();
  return role(start, log, (event) => tell({ type: 'event', event }));
}

async function stop(deadlineMs: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), deadlineMs).unref();
  try {
    await (await running)?.stop();
  } catch {
    // A role that failed to start has nothing to stop.
  }
  process.exit(0);
}

process.on('message', (message: ToRole) => {
  if (message.type === 'stop') {
    void stop(stopDeadlineMs);
    return;
  }
  running = start(message);
  running.then(
    ({ info }) => tell({ type: 'ready', info }),
    (error: unknown) => {
      const known = error instanceof WeirError;
      tell({
        type: 'failed',
        message: error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error),
        hint: known ? error.hint : '',
      });
      setTimeout(() => process.exit(1), 50);
    },
  );
});
process.on('disconnect', () => void stop(orphanDeadlineMs));
// The supervisor decides when to stop: a Ctrl-C reaches the whole process group and must not cut the order short.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stop(stopDeadlineMs));
