import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { directoryWatcher } from './watch.ts';

let directory: string;
let now: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-watch-'));
  now = Date.now();
});
afterEach(() => rmSync(directory, { recursive: true }));

const watcher = (complete: 'quiet' | 'rename', taken: (name: string) => boolean = () => false) =>
  directoryWatcher({ directory, pattern: '*.csv', complete, quietSeconds: 5, now: () => now, taken: ({ name }) => taken(name) });

it('takes a file only after it stood still', async () => {
  const look = watcher('quiet');
  const path = join(directory, 'b.csv');
  writeFileSync(path, 'one\n');
  writeFileSync(join(directory, 'a.csv'), 'x\n');
  expect(await look()).toEqual({ files: [], waiting: 2 });
  now += 3000;
  appendFileSync(path, 'two\n');
  utimesSync(path, now / 1000, now / 1000);
  expect((await look()).files).toEqual([]);
  now += 3000;
  expect((await look()).files.map(({ name }) => name)).toEqual(['a.csv']);
  now += 5000;
  expect((await look()).files.map(({ name }) => name)).toEqual(['a.csv', 'b.csv']);
});

it('does not believe an old time stamp of a file that still grows', async () => {
  const look = watcher('quiet');
  const path = join(directory, 'a.csv');
  writeFileSync(path, 'one\n');
  utimesSync(path, 1, 1);
  expect((await look()).files).toEqual([]);
  appendFileSync(path, 'two\n');
  utimesSync(path, 1, 1);
  expect((await look()).files).toEqual([]);
  expect((await look()).files.map(({ bytes }) => bytes)).toEqual([8]);
});

it('takes renamed files at once, and never unfinished, hidden or linked-away ones', async () => {
  const look = watcher('rename');
  writeFileSync(join(directory, 'a.csv.tmp'), '');
  writeFileSync(join(directory, '.hidden.csv'), '');
  mkdirSync(join(directory, 'folder.csv'));
  symlinkSync(join(directory, 'nowhere'), join(directory, 'dead.csv'));
  expect((await look()).files).toEqual([]);
  renameSync(join(directory, 'a.csv.tmp'), join(directory, 'a.csv'));
  expect((await look()).files.map(({ name }) => name)).toEqual(['a.csv']);
});

it('does not offer what was taken', async () => {
  const look = watcher('rename', (name) => name === 'a.csv');
  writeFileSync(join(directory, 'a.csv'), '');
  expect(await look()).toEqual({ files: [], waiting: 0 });
});
