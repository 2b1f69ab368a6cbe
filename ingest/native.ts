/**
 * Packages with a native part, built when they are first needed: packages are installed without running scripts, and a compile must not cost
 * those who never use what it is for.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);

/** True when the package is there and its native part loads. */
export function isBuilt(name: string): boolean {
  try {
    require(name);
    return true;
  } catch {
    return false;
  }
}

/** The package itself; its native part must be built. */
export const load = <T>(name: string): T => require(name) as T;

/** A compile takes minutes; a lock older than this was left by a process that died, ms. */
const longestBuildMs = 15 * 60_000;

/**
 * Compiles the native part of an installed package from its sources. Processes that need it at the same moment wait for the first of them.
 * @throws Error with the last lines of the compiler
 */
export async function build(name: string): Promise<void> {
  const root = dirname(dirname(dirname(require.resolve(`${name}/package.json`))));
  const lock = join(root, 'node_modules', `.building-${name.replaceAll('/', '-')}`);
  let waited = false;
  while (!taken(lock)) {
    waited = true;
    await sleep(500);
  }
  try {
    if (!waited || !isBuilt(name)) await compile(name, root);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Making a directory is what only one of several can do. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    if (Date.now() - statSync(lock).mtimeMs > longestBuildMs) rmdirSync(lock);
  } catch {
    // Given back, or put away by another that waits.
  }
  return false;
}

function compile(name: string, root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['rebuild', name, '--ignore-scripts=false', '--build-from-source'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(output.trim().split('\n').slice(-8).join('\n')))));
  });
}
