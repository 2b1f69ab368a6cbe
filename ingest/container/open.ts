/** Opens a file as units of bytes, whatever it is packed in. What it is is told by its first bytes, never by its name. */
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { WeirError } from '../../core/errors.ts';
import { gunzip } from './gunzip.ts';
import { type UnpackLimits, unpackGuard } from './limits.ts';
import { readHead, readPlain, unreadable } from './plain.ts';

/** One unit: the file itself, or an entry of an archive. Read it to its end before asking for the next. */
export interface ContainerEntry {
  /** Empty for the file itself, else the cleaned name of the entry: a label, never used as a path. */
  readonly name: string;
  /** Each chunk is valid until the next is asked for. Throws `file_truncated`, `file_bomb`, `file_unreadable`. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Packed bytes consumed so far, for progress. */
  packedBytes(): number;
}

export type Packing = 'plain' | 'gzip' | 'zip' | 'empty' | 'unsupported';

const maximumEntries = 100_000;

/**
 * What the first bytes say.
 * @example packingOf(Buffer.from([0x1f, 0x8b, 8])) // 'gzip'
 */
export function packingOf(head: Uint8Array): Packing {
  if (head.length === 0) return 'empty';
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return 'zip';
  const other =
    starts(0x28, 0xb5, 0x2f, 0xfd) || starts(0xfd, 0x37, 0x7a, 0x58, 0x5a) || starts(0x42, 0x5a, 0x68) || starts(0x37, 0x7a, 0xbc, 0xaf);
  return other ? 'unsupported' : 'plain';
}

/**
 * The units of a file, one after another: one for a plain or gzip file, one per entry for a zip, none for an empty file.
 * Archives within archives are not unpacked.
 */
export async function* openContainer(path: string, limits: Partial<UnpackLimits> = {}): AsyncGenerator<ContainerEntry> {
  const packing = packingOf(await readHead(path, 8));
  if (packing === 'unsupported')
    throw new WeirError('file_unreadable', `${path}: packed with zstd, xz, bzip2 or 7z`, {
      place: path,
      hint: 'Unpack it, or pack it with gzip or zip.',
    });
  if (packing === 'zip') yield* zipEntries(path, limits);
  else if (packing !== 'empty') {
    let packed = 0;
    const raw = readPlain(path, (bytes) => {
      packed += bytes;
    });
    yield { name: '', chunks: packing === 'gzip' ? gunzip(raw, path, limits) : raw, packedBytes: () => packed };
  }
}

/** The bytes of a small file that was read whole, unpacked; undefined where it is an archive or empty, for `openContainer` to tell. */
export function unpacked(
  bytes: Uint8Array,
  path: string,
  limits: Partial<UnpackLimits> = {},
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined {
  const packing = packingOf(bytes.subarray(0, 8));
  if (packing === 'gzip') return gunzip([bytes], path, limits);
  return packing === 'plain' ? [bytes] : undefined;
}

/**
 * The first bytes of the first unit with any, unpacked: for recognising its format. Damage behind them is not looked at.
 */
export async function readSample(path: string, length = 65_536): Promise<{ name: string; bytes: Uint8Array }> {
  for await (const entry of openContainer(path)) {
    const parts: Buffer[] = [];
    let held = 0;
    try {
      for await (const chunk of entry.chunks) {
        parts.push(Buffer.from(chunk));
        held += chunk.length;
        if (held >= length) break;
      }
    } catch (error) {
      if (held === 0) throw error;
    }
    if (held > 0) return { name: entry.name, bytes: Buffer.concat(parts).subarray(0, length) };
  }
  return { name: '', bytes: new Uint8Array(0) };
}

async function* zipEntries(path: string, limits: Partial<UnpackLimits>): AsyncGenerator<ContainerEntry> {
  const zip = await openZip(path);
  if (zip.entryCount > maximumEntries) {
    zip.close();
    throw new WeirError('file_bomb', `${path}: holds more than ${maximumEntries} entries`, { place: path });
  }
  const seen = new Map<string, number>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entryName(entry, seen);
      if (name === '') continue;
      yield { name, chunks: entryChunks(zip, entry, `${path}!${name}`, limits), packedBytes: () => entry.compressedSize };
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    // Names are decoded here: the library refuses a whole archive for one odd name, while to us a name is only a label.
    return await openPromise(path, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true, autoClose: true });
  } catch (error) {
    throw new WeirError('file_truncated', `${path}: the zip directory at its end cannot be read`, {
      place: path,
      hint: 'The file is not complete, or damaged. Fetch it again.',
      cause: error,
    });
  }
}

/** A clean label: no control characters, no drive, no steps upward, unique within the archive. Empty for a directory. */
function entryName(entry: Entry, seen: Map<string, number>): string {
  const raw = Buffer.isBuffer(entry.fileName) ? entry.fileName.toString('utf8') : String(entry.fileName);
  if (/[/\\]$/.test(raw)) return '';
  const steps = raw
    .slice(0, 4096)
    .split(/[/\\]+/)
    .filter((step) => step !== '' && step !== '.' && step !== '..');
  const label = Array.from(steps.join('/'), (character) => (character < ' ' || character === '\x7f' || character === '!' ? '_' : character))
    .join('')
    .slice(-200);
  const name = label === '' ? 'entry' : label;
  const times = (seen.get(name) ?? 0) + 1;
  seen.set(name, times);
  return times === 1 ? name : `${name}#${times}`;
}

async function* entryChunks(zip: ZipFile, entry: Entry, place: string, limits: Partial<UnpackLimits>): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted())
    throw new WeirError('file_unreadable', `${place}: is encrypted`, { place, hint: 'Unpack it with its password first.' });
  const guard = unpackGuard(place, limits);
  let stream: Readable;
  try {
    stream = await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw unreadable(place, error);
  }
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      guard(chunk.length, entry.compressedSize);
      yield chunk;
    }
  } catch (error) {
    throw unreadable(place, error);
  } finally {
    stream.destroy();
  }
}
