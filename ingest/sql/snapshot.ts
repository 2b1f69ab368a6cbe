/**
 * The snapshot before, to find what was added, changed and removed: of each row its key and a keyed hash. It lies encrypted on the disk,
 * since keys are identities. Memory: about 150 bytes a row while a snapshot is compared.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type { SqlColumn, SqlValue } from './driver.ts';
import { closed, type RowWriter, rowHash } from './extract.ts';

export interface SnapshotCounts {
  added: number;
  changed: number;
  removed: number;
}

export interface SnapshotDiff {
  readonly counts: SnapshotCounts;
  readonly writer: RowWriter;
  /** Rows that are gone: their key columns. */
  removed(): Iterable<string>;
  /** Entries of the snapshot now, to be kept for the next. */
  readonly now: ReadonlyMap<string, string>;
}

/**
 * Compares rows as they come with the snapshot before.
 * @param facts added to each line, beside `_change`
 */
export function diffOf(
  before: ReadonlyMap<string, string>,
  columns: readonly SqlColumn[],
  keyColumns: readonly string[],
  hashKey: Uint8Array,
  facts: Readonly<Record<string, string>>,
): SnapshotDiff {
  const places = keyColumns.map((name) => columns.findIndex((column) => column.name === name));
  const counts: SnapshotCounts = { added: 0, changed: 0, removed: 0 };
  const now = new Map<string, string>();
  return {
    counts,
    now,
    writer(row: readonly SqlValue[], text: string) {
      const key = JSON.stringify(places.map((at) => row[at] ?? null));
      const hash = rowHash(hashKey, text);
      // A key that comes twice is not a key: both rows are kept apart by what they say.
      const place = now.has(key) && now.get(key) !== hash ? `${key}\u0000${hash}` : key;
      now.set(place, hash);
      const known = before.get(place);
      if (known === hash) return undefined;
      if (known === undefined) counts.added++;
      else counts.changed++;
      return closed(text, { _change: known === undefined ? 'added' : 'changed', ...facts });
    },
    *removed() {
      for (const key of before.keys()) {
        if (now.has(key)) continue;
        counts.removed++;
        const values = JSON.parse(key.split('\u0000', 1)[0] as string) as SqlValue[];
        const row = Object.fromEntries(keyColumns.map((name, at) => [name, values[at]]).filter(([, value]) => value !== null));
        yield closed(JSON.stringify(row).slice(0, -1), { _change: 'removed', ...facts });
      }
    },
  };
}

/** Writes the entries, encrypted, so that a reader finds the whole or nothing. */
export async function writeSnapshot(path: string, entries: ReadonlyMap<string, string>, secret: Uint8Array): Promise<void> {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv);
  const temporary = `${path}.tmp`;
  const target = createWriteStream(temporary, { mode: 0o600 });
  target.write(iv);
  await pipeline(
    function* () {
      for (const [key, hash] of entries) yield `${hash}${JSON.stringify(key)}\n`;
    },
    cipher,
    target,
  );
  const file = await open(temporary, 'a');
  try {
    await file.write(cipher.getAuthTag());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** The entries of a snapshot; none when there is none. Throws when the file is damaged or was written under another key. */
export async function readSnapshot(path: string, secret: Uint8Array): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return entries;
  const ends = Buffer.alloc(28);
  let size: number;
  try {
    ({ size } = await file.stat());
    await file.read(ends, 0, 12, 0);
    await file.read(ends, 12, 16, size - 16);
  } finally {
    await file.close();
  }
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), ends.subarray(0, 12));
  decipher.setAuthTag(ends.subarray(12));
  if (size > 28) {
    const lines = createInterface({ input: decipher, crlfDelay: Number.POSITIVE_INFINITY });
    const reading = pipeline(createReadStream(path, { start: 12, end: size - 17 }), decipher);
    reading.catch(() => undefined);
    for await (const line of lines) entries.set(JSON.parse(line.slice(16)) as string, line.slice(0, 16));
    await reading;
  }
  return entries;
}

const keyOf = (secret: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', secret, 'weir', 'snapshots of queries', 32));
