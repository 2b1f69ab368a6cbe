/** A file of the load, written by a process of its own, so that writing leaves nothing behind in the one that measures. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadFacts } from './load.ts';

export { loadMapping } from './load.ts';

/** Writes records `first` to `first + records - 1`. */
export function writeLoad(path: string, records: number, first: number): LoadFacts {
  const result = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'load.ts'), String(records), path, String(first)],
    { encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(readFileSync(path.replace(/\.csv$/, '.json'), 'utf8')) as LoadFacts;
}
