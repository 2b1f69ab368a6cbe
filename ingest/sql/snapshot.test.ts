import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffOf, readSnapshot, writeSnapshot } from './snapshot.ts';

const secret = new Uint8Array(32).fill(1);
const columns = [
  { name: 'id', type: 'int' },
  { name: 'plan', type: 'text' },
];

/** Rows through a comparison; what is said of each. */
function compare(before: ReadonlyMap<string, string>, rows: readonly (readonly [number, string])[]) {
  const diff = diffOf(before, columns, ['id'], secret, { _run: 'r' });
  const lines = rows
    .map((row) => diff.writer(row, `{"id":${row[0]},"plan":${JSON.stringify(row[1])}`))
    .filter((line) => line !== undefined);
  lines.push(...diff.removed());
  return { diff, said: lines.map((line) => JSON.parse(line) as { id: number; plan?: string; _change: string; _run: string }) };
}

it('says what was added, changed and removed, and nothing else', () => {
  const first = compare(new Map(), [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  expect(first.diff.counts).toEqual({ added: 3, changed: 0, removed: 0 });
  const second = compare(first.diff.now, [
    [1, 'a'],
    [2, 'x'],
    [4, 'd'],
  ]);
  expect(second.said).toEqual([
    { id: 2, plan: 'x', _change: 'changed', _run: 'r' },
    { id: 4, plan: 'd', _change: 'added', _run: 'r' },
    { id: 3, _change: 'removed', _run: 'r' },
  ]);
});

it('applied to the table before, the differences give the table now', () => {
  const tables = fc.array(fc.uniqueArray(fc.tuple(fc.nat(20), fc.constantFrom('a', 'b', 'c')), { selector: ([id]) => id }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(tables, (versions) => {
      const copy = new Map<number, string>();
      let before: ReadonlyMap<string, string> = new Map();
      for (const rows of versions) {
        const { diff, said } = compare(before, rows);
        for (const { id, plan, _change } of said) _change === 'removed' ? copy.delete(id) : copy.set(id, plan as string);
        expect([...copy].sort(([a], [b]) => a - b)).toEqual([...rows].sort(([a], [b]) => a - b));
        before = diff.now;
      }
    }),
  );
});

it('lies on the disk so that nobody reads it, and is refused when it was touched', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-snapshot-'));
  const path = join(directory, 'snapshot');
  const entries = new Map([
    ['["12025550101"]', 'A'.repeat(16)],
    ['["a\\nb"]\u0000x', 'B'.repeat(16)],
  ]);
  await writeSnapshot(path, entries, secret);
  expect(readFileSync(path).includes('12025550101')).toBe(false);
  expect(await readSnapshot(path, secret)).toEqual(entries);
  await writeSnapshot(path, new Map(), secret);
  expect(await readSnapshot(path, secret)).toEqual(new Map());
  expect(await readSnapshot(`${path}.none`, secret)).toEqual(new Map());
  await writeSnapshot(path, entries, secret);
  await expect(readSnapshot(path, new Uint8Array(32))).rejects.toThrow();
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] as number) ^ 1;
  writeFileSync(path, bytes);
  await expect(readSnapshot(path, secret)).rejects.toThrow();
  rmSync(directory, { recursive: true, force: true });
});
