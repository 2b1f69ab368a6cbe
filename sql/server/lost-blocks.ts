/**
 * Mends what kill -9 can leave in a MergeTree table: its log of deduplication is written just before the part that it speaks of. A server
 * killed between the two knows a token whose rows it does not have, and would pass over the block when it is sent again: rows
 * acknowledged, and lost. Before the server starts again, such entries are taken back, so that the block is stored the second time.
 * Replicated tables write both in one transaction of Keeper and need none of this.
 */
import { appendFileSync, type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Entries looked at from the end of a log: more blocks than ever are on their way to one table at once. */
const newest = 256;
/** Operations in a log of deduplication: a line is `operation TAB part TAB block`. */
const added = '1';
const dropped = '2';

interface Part {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Takes back the entries of blocks whose part is not there. To be called while no server has the directory.
 * Does nothing unless the server that had it ended without a farewell.
 * @param files directory of the server's own files, `clickhouse` below Weir's data directory
 * @returns the parts that were spoken of and do not exist, as `directory of the table/part`
 */
export function forgetLostBlocks(files: string): string[] {
  if (!endedUnasked(files)) return [];
  const lost: string[] = [];
  const store = join(files, 'store');
  for (const prefix of entriesOf(store)) {
    for (const table of entriesOf(join(store, prefix.name))) {
      const directory = join(store, prefix.name, table.name);
      for (const part of forgetIn(directory)) lost.push(join(directory, part));
    }
  }
  return lost;
}

/** The server writes its process id to `status` and removes the file when it ends in order. */
function endedUnasked(files: string): boolean {
  const pid = Number(/PID: (\d+)/.exec(textOf(join(files, 'status')))?.[1]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // The number may be another process's by now; where that can be seen, it is looked at.
  const command = textOf(`/proc/${pid}/cmdline`);
  return command !== '' && !command.includes('clickhouse') && !command.includes('launcher.mjs');
}

function forgetIn(table: string): string[] {
  const logs = join(table, 'deduplication_logs');
  const names = entriesOf(logs, 'files')
    .map(({ name }) => ({ name, number: Number(/^deduplication_log_(\d+)\.txt$/.exec(name)?.[1]) }))
    .filter(({ number }) => Number.isSafeInteger(number))
    .sort((a, b) => a.number - b.number)
    .map(({ name }) => join(logs, name));
  const last = names.at(-1);
  if (last === undefined) return [];
  const entries = newestEntries(names.slice(-2).map(textOf).join(''));
  if (entries.size === 0) return [];
  const parts = entriesOf(table).flatMap(({ name }) => partOf(name) ?? []);
  const lost = [...entries].filter(([, name]) => {
    const part = partOf(name);
    return part !== undefined && !parts.some((there) => covers(there, part));
  });
  if (lost.length > 0) appendFileSync(last, lost.map(([block, part]) => `${dropped}\t${part}\t${block}\n`).join(''), { flush: true });
  return lost.map(([, part]) => part);
}

/** The blocks that the last lines say are stored, with their part. */
function newestEntries(log: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of log.split('\n').slice(-newest - 1)) {
    const [operation, part, block] = line.split('\t');
    if (part === undefined || block === undefined) continue;
    if (operation === added) entries.set(block, part);
    else entries.delete(block);
  }
  return entries;
}

/**
 * A directory of a part: partition, first and last block, level, perhaps a mutation. Those on their way in or out have another prefix.
 * @example partOf('202611_7_9_1') // { partition: '202611', first: 7, last: 9 }
 */
export function partOf(name: string): Part | undefined {
  const [, partition, first, last] = /^([0-9a-z]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/.exec(name) ?? [];
  return partition === undefined ? undefined : { partition, first: Number(first), last: Number(last) };
}

function covers(there: Part, part: Part): boolean {
  return there.partition === part.partition && there.first <= part.first && there.last >= part.last;
}

/** Nothing where the directory is missing. */
function entriesOf(directory: string, which: 'directories' | 'files' = 'directories'): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter((entry) => (which === 'files' ? entry.isFile() : entry.isDirectory()));
  } catch {
    return [];
  }
}

/** Empty where the file is missing. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
