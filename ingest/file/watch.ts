/**
 * Watches a directory and hands over each file when it is complete, in order of its name. Looks again every so often instead of
 * listening to the file system: notifications are lost on network mounts, a look is not.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesPattern } from './pattern.ts';

/** A file that is complete. */
export interface CompleteFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

export interface DirectoryOptions {
  readonly directory: string;
  readonly pattern: string;
  readonly complete: 'quiet' | 'rename';
  readonly quietSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Files that were taken before are not offered again. */
  readonly taken: (file: CompleteFile) => boolean;
}

/** What one look saw: complete files not yet taken, and how many are still being written. */
export interface DirectoryLook {
  readonly files: readonly CompleteFile[];
  readonly waiting: number;
}

interface Seen {
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly since: number;
}

/** A function that looks into the directory once. It remembers sizes from look to look to know what stands still. */
export function directoryWatcher(options: DirectoryOptions): () => Promise<DirectoryLook> {
  const seen = new Map<string, Seen>();
  return async () => {
    const names = (await readdir(options.directory, { withFileTypes: true }))
      .filter((entry) => isCandidate(entry, options.pattern))
      .map((entry) => entry.name);
    const present = new Set(names);
    for (const name of seen.keys()) if (!present.has(name)) seen.delete(name);
    const files: CompleteFile[] = [];
    let waiting = 0;
    for (const name of names.sort()) {
      const path = join(options.directory, name);
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isFile()) continue;
      const file = { path, name, bytes: facts.size, modifiedAt: Math.floor(facts.mtimeMs) };
      if (options.taken(file)) continue;
      const before = seen.get(name);
      const unchanged = before !== undefined && before.bytes === file.bytes && before.modifiedAt === file.modifiedAt;
      const since = unchanged ? before.since : options.now();
      if (!unchanged) seen.set(name, { bytes: file.bytes, modifiedAt: file.modifiedAt, since });
      if (options.complete === 'rename' || isQuiet(file.modifiedAt, since, unchanged, options)) files.push(file);
      else waiting++;
    }
    return { files, waiting };
  };
}

/**
 * Quiet: unchanged since an earlier look, and either its time stamp is old enough or (where clocks differ) we ourselves saw it stand
 * still for that long. With quietSeconds 0 the first look is enough.
 */
function isQuiet(modifiedAt: number, since: number, unchanged: boolean, { now, quietSeconds }: DirectoryOptions): boolean {
  if (quietSeconds === 0) return true;
  return unchanged && Math.max(now() - modifiedAt, now() - since) >= quietSeconds * 1000;
}

/** Hidden files and the usual names of unfinished ones are never taken. */
function isCandidate(entry: Dirent, pattern: string): boolean {
  const { name } = entry;
  if (name.startsWith('.') || entry.isDirectory()) return false;
  if (name.endsWith('.tmp') || name.endsWith('.part') || name.endsWith('.filepart') || name.endsWith('.writing')) return false;
  return matchesPattern(name, pattern);
}
