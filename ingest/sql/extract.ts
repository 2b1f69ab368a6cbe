/** Writes the rows of a query as lines of JSON, typed as the database had them, to be read by the mapping of the source like any file. */
import { createHash, createHmac } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { SqlColumn, SqlRows, SqlValue } from './driver.ts';

/** Bytes gathered before they are written. */
const writeBytes = 262_144;

export interface Extracted {
  readonly columns: readonly SqlColumn[];
  /** Rows that the query gave. */
  readonly rows: number;
  /** Rows that were written. */
  readonly written: number;
  readonly bytes: number;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** What is done with a row: its lines, of which there may be none. `text` is the row as JSON without its closing brace. */
export type RowWriter = (row: readonly SqlValue[], text: string) => string | undefined;

/**
 * Writes a file. Memory stays that of one batch.
 * @param tail lines that follow the last row
 */
export async function extract(rows: SqlRows, path: string, writer: RowWriter, tail?: () => Iterable<string>): Promise<Extracted> {
  const { columns } = rows;
  const textOf = rowText(columns);
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  let [count, written, bytes] = [0, 0, 0];
  let held = '';
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(held);
    held = '';
    hash.update(chunk);
    bytes += chunk.length;
    await file.write(chunk);
  };
  try {
    for await (const batch of rows.batches) {
      for (const row of batch) {
        count++;
        const line = writer(row, textOf(row));
        if (line === undefined) continue;
        written++;
        held += line;
        if (held.length >= writeBytes) await flush();
      }
    }
    for (const line of tail?.() ?? []) {
      written++;
      held += line;
      if (held.length >= writeBytes) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  return { columns, rows: count, written, bytes, sha256: hash.digest('hex') };
}

/** A row as a JSON object that is not closed yet; empty cells are left out. */
function rowText(columns: readonly SqlColumn[]): (row: readonly SqlValue[]) => string {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return (row) => {
    let text = '{';
    for (let at = 0; at < names.length; at++) {
      const value = row[at];
      if (value === null || value === undefined) continue;
      text += `${text.length > 1 ? ',' : ''}${names[at]}${JSON.stringify(value)}`;
    }
    return text;
  };
}

/** Closes a row with what was found out about it. */
export function closed(text: string, facts: Readonly<Record<string, string>>): string {
  let line = text;
  for (const [name, value] of Object.entries(facts)) line += `${line.length > 1 ? ',' : ''}"${name}":${JSON.stringify(value)}`;
  return `${line}}\n`;
}

/** A keyed hash of 96 bits: rows that are remembered cannot be guessed from it. */
export const rowHash = (key: Uint8Array, text: string): string => createHmac('sha256', key).update(text).digest('base64').slice(0, 16);
