/** ClickHouse on a laptop: one supervised child process per data directory, ready to be spoken to at a URL. */
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WeirError } from '../../core/errors.ts';
import type { Passwords } from '../access.ts';
import { credentialsOf } from '../credentials.ts';
import { type KafkaEngine, writeServerFiles } from './config.ts';
import { libraryPath } from './library.ts';
import { forgetLostBlocks } from './lost-blocks.ts';
import { freePort } from './port.ts';
import { type Exit, explainExit, type ProcessOptions, type ServerProcess, spawnServer } from './process.ts';

/** What the owner is told about the life of the server. */
export type ServerEvent =
  | { readonly type: 'ended'; readonly error: WeirError; readonly restartInMs: number }
  | { readonly type: 'restarted'; readonly pid: number }
  /** Parts that a killed server had named in its logs of tokens and had not stored: their blocks are taken again. */
  | { readonly type: 'forgotten'; readonly parts: readonly string[] };

export interface ServerOptions {
  /** The data directory of Weir; the server's files are below it. */
  readonly directory: string;
  /** Wished ports; taken ones are replaced by the next free. 0 = any. Default 8123 and 9000. */
  readonly httpPort?: number;
  readonly tcpPort?: number;
  /** For benchmarks. */
  readonly kafkaEngine?: KafkaEngine;
  /** Called when the child ended unasked, and when it runs again. */
  readonly log?: (event: ServerEvent) => void;
}

export interface Server {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  readonly credentials: Passwords;
  /** Process id of the child as it now is. */
  pid(): number;
  /** Ends the child and waits for it. */
  stop(): Promise<void>;
}

/** How long the server may take until it answers; a large directory loads its parts in this time. */
const readyMs = 60_000;
const graceMs = 10_000;
const firstBackOffMs = 100;
const longestBackOffMs = 10_000;

/**
 * Starts the server and waits until it answers.
 * Fails with `data_locked`, `platform_unsupported` or `clickhouse_unreachable`.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const directory = resolve(options.directory);
  const library = libraryPath();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const credentials = credentialsOf(directory);
  const files = writeServerFiles(directory, credentials, options.kafkaEngine);
  const httpPort = await freePort(options.httpPort ?? 8123);
  const tcpPort = await freePort(options.tcpPort ?? 9000, [httpPort]);
  const run: Run = {
    library,
    files,
    httpPort,
    tcpPort,
    directory,
    url: `http://127.0.0.1:${httpPort}`,
    password: credentials.weir,
    log: options.log,
  };
  let child = await started(run);
  const stopping = new AbortController();

  const supervise = async (): Promise<void> => {
    for (;;) {
      const upSince = Date.now();
      const exit = await child.exited;
      if (stopping.signal.aborted) return;
      child = await restarted(exit, Date.now() - upSince);
      if (stopping.signal.aborted) return;
      options.log?.({ type: 'restarted', pid: child.pid });
    }
  };

  const restarted = async (exit: Exit, upMs: number): Promise<ServerProcess> => {
    let error = explainExit(exit, directory);
    let backOff = upMs < 5_000 ? firstBackOffMs * 4 : firstBackOffMs;
    for (;;) {
      options.log?.({ type: 'ended', error, restartInMs: backOff });
      await sleep(backOff, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return child;
      try {
        return await started(run, (starting) => {
          child = starting;
        });
      } catch (failure) {
        error = failure instanceof WeirError ? failure : new WeirError('clickhouse_unreachable', String(failure), { place: directory });
      }
      backOff = Math.min(backOff * 2, longestBackOffMs);
    }
  };

  const supervised = supervise();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await child.end(graceMs);
    await supervised;
    await child.end(graceMs);
  };
  return { url: run.url, httpPort, tcpPort, credentials, pid: () => child.pid, stop };
}

interface Run extends ProcessOptions {
  readonly directory: string;
  readonly url: string;
  /** Of the user `weir`. */
  readonly password: string;
  readonly log: ServerOptions['log'];
}

async function started(run: Run, spawned?: (child: ServerProcess) => void): Promise<ServerProcess> {
  const { url, directory } = run;
  const parts = forgetLostBlocks(run.files.store);
  if (parts.length > 0) run.log?.({ type: 'forgotten', parts });
  const child = spawnServer(run);
  spawned?.(child);
  let exit: Exit | undefined;
  void child.exited.then((ended) => {
    exit = ended;
  });
  const deadline = Date.now() + readyMs;
  while (Date.now() < deadline) {
    if ((await statusOf(`${url}/?query=SELECT%201`, run.password)) === 200) return child;
    if (exit !== undefined) throw explainExit(exit, directory);
    await sleep(15);
  }
  await child.end(1_000);
  throw new WeirError('clickhouse_unreachable', `ClickHouse did not answer within ${readyMs / 1000} s.`, {
    place: url,
    hint: `Its log is ${run.files.log}.`,
  });
}

/**
 * HTTP status, 0 = no answer. Asked under our own password, because another server may have taken the port meanwhile. A connection of its
 * own: one that is kept alive would hold up the end of the server.
 */
function statusOf(address: string, password: string): Promise<number> {
  const headers = { 'x-clickhouse-user': 'weir', 'x-clickhouse-key': password };
  return new Promise((resolve) => {
    const request = get(address, { agent: false, timeout: 2_000, headers }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(0));
  });
}
