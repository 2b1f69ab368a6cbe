/**
 * Packages with a native part, built when they are first needed: packages are installed without running scripts, and a compile must not cost
 * those who never use what it is for.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

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

/**
 * Compiles the native part of an installed package from its sources.
 * @throws Error with the last lines of the compiler
 */
export function build(name: string): Promise<void> {
  const root = dirname(dirname(dirname(require.resolve(`${name}/package.json`))));
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
