/** One run of the ClickHouse child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WeirError } from '../../core/errors.ts';
import type { ServerFiles } from './config.ts';
import { newLifeline } from './lifeline.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last of what the child wrote to stderr, at most 8,000 characters. */
  readonly stderr: string;
}

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the child has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Cuts the life-line, then SIGTERM after `graceMs`, then SIGKILL after twice that. */
  end(graceMs: number): Promise<Exit>;
}

export interface ProcessOptions {
  readonly library: string;
  readonly files: ServerFiles;
  readonly httpPort: number;
  readonly tcpPort: number;
}

const launcher = fileURLToPath(new URL('./launcher.mjs', import.meta.url));

/**
 * A query that never ends, since the program ends with its last one; it wakes four times a second for a moment. The life-line is not
 * read by ClickHouse itself: that would take the right to read any file, which other programs of the machine would have as well.
 */
const wait = 'SELECT sum(sleepEachRow(0.25)) FROM numbers(1000000000000000000) SETTINGS max_block_size = 1, max_threads = 1';

/** Starts the child. It has a session of its own, so that Ctrl-C in a terminal reaches the parent alone, which then ends it in order. */
export function spawnServer(options: ProcessOptions): ServerProcess {
  const lifeline = newLifeline();
  const child = spawn(
    process.execPath,
    [
      launcher,
      options.library,
      `--path=${options.files.store}`,
      `--http_port=${options.httpPort}`,
      `--tcp_port=${options.tcpPort}`,
      '--listen_host=127.0.0.1',
      '--log-level=information',
      `--config-file=${options.files.config}`,
      `--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; ${wait}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe', lifeline.readEnd], detached: true, cwd: options.files.store, env: childEnvironment() },
  );
  lifeline.handedOver();
  const exited = exitOf(child);
  void exited.then(() => lifeline.cut());
  const end = async (graceMs: number): Promise<Exit> => {
    lifeline.cut();
    const timers = [setTimeout(() => child.kill('SIGTERM'), graceMs), setTimeout(() => child.kill('SIGKILL'), graceMs * 2)];
    const exit = await exited;
    for (const timer of timers) clearTimeout(timer);
    return exit;
  };
  return { pid: child.pid ?? 0, exited, end };
}

/** Options of the parent's Node (loaders, inspectors) are not the child's. */
function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment['NODE_OPTIONS'];
  return environment;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  let stderr = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    stderr = (stderr + text).slice(-8_000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: `${stderr}${error.message}` }));
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** What the end of a child says to the user. */
export function explainExit(exit: Exit, directory: string): WeirError {
  if (exit.stderr.includes('Cannot lock file')) {
    return new WeirError('data_locked', 'Another Weir runs on this data directory.', {
      place: directory,
      hint: 'Stop it, or give another directory with --data.',
    });
  }
  if (/GLIBC|cannot open shared object|wrong ELF|dlopen|illegal instruction/i.test(exit.stderr)) {
    return new WeirError('platform_unsupported', `The ClickHouse library does not load here: ${lastLine(exit.stderr)}`, {
      place: `${process.platform}-${process.arch}`,
      hint: 'Set clickhouse.url to a ClickHouse server instead.',
    });
  }
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return new WeirError('clickhouse_unreachable', `ClickHouse ended with ${how}: ${lastLine(exit.stderr)}`, {
    place: directory,
    hint: `Its log is in ${directory}/logs.`,
  });
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => line.includes('DB::Exception')) ?? lines.at(-1) ?? 'it said nothing').slice(0, 500);
}
