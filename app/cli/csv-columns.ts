/** Reads two columns of a CSV file as text, row by row: for series that someone brings. Quotes as in RFC 4180; gzip is unpacked. */

import { WeirError } from '../../core/errors.ts';
import { openContainer, readSample } from '../../ingest/container/open.ts';

export interface TwoColumns {
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/** @throws WeirError file_unreadable when a column is missing, naming those there are */
export async function readTwoColumns(path: string, first: string, second: string): Promise<TwoColumns> {
  const { bytes } = await readSample(path);
  const head =
    Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t'].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best), ',');
  const names = cells(head, delimiter);
  const at = [first, second].map((name) => columnOf(path, names, name)) as [number, number];
  const columns = { first: [] as string[], second: [] as string[] };
  let rest = '';
  let header = true;
  const decoder = new TextDecoder('utf-8');
  const take = (line: string): void => {
    if (header) {
      header = false;
      return;
    }
    if (line.trim() === '') return;
    const row = cells(line, delimiter);
    columns.first.push(row[at[0]] ?? '');
    columns.second.push(row[at[1]] ?? '');
  };
  for await (const { chunks } of openContainer(path)) {
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    }
  }
  if (rest !== '') take(rest);
  return columns;
}

function columnOf(path: string, names: readonly string[], name: string): number {
  const number = Number(name);
  if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1;
  const at = names.findIndex((one) => one.trim().toLowerCase() === name.toLowerCase());
  if (at >= 0) return at;
  throw new WeirError('file_unreadable', `${path}: no column "${name}"`, {
    place: `${path}:1`,
    hint: `The file has: ${names.join(', ')}. A number from 1 works too.`,
  });
}

/**
 * The cells of one line; a line break within quotes is not part of a series.
 * @example cells('a,"b,c"', ',') // ['a', 'b,c']
 */
export function cells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === '"') {
      if (quoted && line[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      found.push(cell);
      cell = '';
    } else cell += character;
  }
  found.push(cell);
  return found;
}
