/**
 * Brings one file into the spool, a directory of our own. The name of a file there is the identity of the one over there (url, size, time,
 * version), so that a transfer that was cut off goes on where it stopped, and one of other content begins anew.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { WeirError } from '../../core/errors.ts';
import type { Remote, RemoteFile } from './remote.ts';

/** A fetched file. */
export interface Spooled {
  readonly file: RemoteFile;
  readonly path: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Bytes that are compared with those over there before a transfer goes on. */
const overlapBytes = 65_536;
/** Room that is left on the disk, in bytes. */
const spareBytes = 268_435_456;

/**
 * The name in the spool.
 * @example spoolId({ url: 'sftp://a:22/x', path: '/x', name: 'x', bytes: 1, modifiedAt: 0, version: '' }).length // 40
 */
export function spoolId({ url, bytes, modifiedAt, version }: RemoteFile): string {
  return createHash('sha256').update(`${url}\n${bytes}\n${modifiedAt}\n${version}`).digest('hex').slice(0, 40);
}

/**
 * Fetches a file, or what is missing of it. What lies there whole is not fetched again.
 * @throws WeirError source_changed when it changed meanwhile: nothing of it is kept
 */
export async function fetchInto(directory: string, remote: Remote, file: RemoteFile, signal?: AbortSignal): Promise<Spooled> {
  const whole = join(directory, spoolId(file));
  const known = await digestOfWhole(whole, file.bytes);
  if (known !== undefined) return { file, path: whole, sha256: known };
  if (file.bytes > spareBytes / 256) await needRoom(directory, file);
  const part = `${whole}.part`;
  const handle = await openPart(part, directory);
  try {
    const hash = createHash('sha256');
    const from = await resume(handle, hash, remote, file);
    const received = await receive(handle, hash, remote, file, from, signal);
    if (received !== file.bytes || !(await remote.unchanged(file))) throw changed(file);
    await handle.close();
    await rename(part, whole);
    return { file, path: whole, sha256: hash.digest('hex') };
  } catch (error) {
    await handle.close().catch(() => undefined);
    if (error instanceof WeirError && error.code === 'source_changed') await rm(part, { force: true });
    throw outOfRoom(error, file);
  }
}

/** Removes a file that is stored. */
export const discard = (spooled: Pick<Spooled, 'path'>): Promise<void> => rm(spooled.path, { force: true });

/** Removes everything from the spool that belongs to none of these files: what was replaced or taken away over there. */
export async function sweep(directory: string, keep: readonly RemoteFile[]): Promise<void> {
  const names = await readdir(directory).catch(() => [] as string[]);
  if (names.length === 0) return;
  const kept = new Set(keep.map(spoolId));
  for (const name of names) if (!kept.has(name.replace(/\.part$/, ''))) await rm(join(directory, name), { force: true });
}

async function openPart(part: string, directory: string): Promise<FileHandle> {
  try {
    return await open(part, 'a+', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return open(part, 'a+', 0o600);
  }
}

async function receive(
  handle: FileHandle,
  hash: Hash,
  remote: Remote,
  file: RemoteFile,
  from: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let at = from;
  if (at === file.bytes) return at;
  for await (const chunk of remote.read(file, from)) {
    if (at + chunk.length > file.bytes) throw changed(file);
    hash.update(chunk);
    await handle.write(chunk, 0, chunk.length);
    at += chunk.length;
    signal?.throwIfAborted();
  }
  return at;
}

/** Hashes what is there already; begins anew when its end is not what stands at that place over there. */
async function resume(handle: FileHandle, hash: Hash, remote: Remote, file: RemoteFile): Promise<number> {
  const { size } = await handle.stat();
  if (size === 0) return 0;
  if (size <= file.bytes && (await agrees(handle, size, remote, file))) {
    await hashFrom(handle, hash, size);
    return size;
  }
  await handle.truncate(0);
  return 0;
}

async function agrees(handle: FileHandle, size: number, remote: Remote, file: RemoteFile): Promise<boolean> {
  const from = Math.max(0, size - overlapBytes);
  const ours = Buffer.alloc(size - from);
  await handle.read(ours, 0, ours.length, from);
  let at = 0;
  for await (const chunk of remote.read({ ...file, bytes: size }, from)) {
    if (!ours.subarray(at, at + chunk.length).equals(chunk)) return false;
    at += chunk.length;
    if (at >= ours.length) break;
  }
  return at === ours.length;
}

async function hashFrom(handle: FileHandle, hash: Hash, size: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(size, 1 << 18));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) throw new Error('the spool file became shorter');
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

async function digestOfWhole(path: string, bytes: number): Promise<string | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    // After a loss of power a file may be shorter than its rename said.
    if ((await handle.stat()).size !== bytes) return undefined;
    const hash = createHash('sha256');
    await hashFrom(handle, hash, bytes);
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

async function needRoom(directory: string, file: RemoteFile): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize - spareBytes < file.bytes) throw noRoom(file);
}

function outOfRoom(error: unknown, file: RemoteFile): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom(file) : error;
}

const noRoom = (file: RemoteFile): WeirError =>
  new WeirError('spool_full', `${file.url}: no room for its ${file.bytes} bytes in the data directory`, {
    place: file.url,
    hint: 'Make room on the disk of the data directory, or give another with --data.',
  });

const changed = (file: RemoteFile): WeirError =>
  new WeirError('source_changed', `${file.url}: changed while it was fetched`, {
    place: file.url,
    hint: 'It is fetched again at the next look. If it often is: "complete: quiet" with more quietSeconds, or have it written under another name first.',
  });
