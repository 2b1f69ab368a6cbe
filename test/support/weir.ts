/** Runs the command `weir` as a person does: the built program in a process of its own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../bin/weir.mjs', import.meta.url));

export interface WeirResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory that was resident at once, in bytes; 0 where the system does not tell. */
  readonly peakBytes: number;
}

/** Runs one command line to its end. `environment` is added to that of the test. */
export function weir(args: readonly string[], options: { cwd?: string; environment?: Record<string, string> } = {}): Promise<WeirResult> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let peakBytes = 0;
  const looking = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
  }, 20);
  return new Promise<WeirResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, peakBytes }));
  }).finally(() => clearInterval(looking));
}

/** The highest resident memory of a process so far, as Linux counts it. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
