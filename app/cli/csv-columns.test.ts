import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { cells, readTwoColumns } from './csv-columns.ts';

const directory = mkdtempSync(join(tmpdir(), 'weir-columns-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('reads two columns by name or number, quoted, packed, with any of the usual delimiters', async () => {
  const plain = join(directory, 'a.csv');
  writeFileSync(plain, '\uFEFFtime;n;note\r\n1;"2,5";"a ""b"""\r\n2;3;x\r\n\r\n');
  expect(await readTwoColumns(plain, 'Time', 'n')).toEqual({ first: ['1', '2'], second: ['2,5', '3'] });
  const packed = join(directory, 'b.csv.gz');
  writeFileSync(packed, gzipSync('timestamp,value\n1,2'));
  expect(await readTwoColumns(packed, '1', '2')).toEqual({ first: ['1'], second: ['2'] });
});

it('names the columns there are when one is missing', async () => {
  const plain = join(directory, 'c.csv');
  writeFileSync(plain, 'a,b\n1,2\n');
  await expect(readTwoColumns(plain, 'time', 'b')).rejects.toMatchObject({
    code: 'file_unreadable',
    hint: expect.stringContaining('a, b'),
  });
});

it('splits a line', () => {
  expect(cells('a,"b,c",""', ',')).toEqual(['a', 'b,c', '']);
});
