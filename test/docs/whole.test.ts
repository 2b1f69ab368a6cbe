/** Files that no compiler reads are whole: no trace of a merge, and scripts that a shell can parse. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../docs/generate/pages.ts';

const passedOver = new Set(['node_modules', 'dist', 'data', '.git', 'coverage']);
const texts = /\.(?:ts|js|mjs|sql|md|json|ya?ml|css|html|csv|sh)$|(?:^|\/)(?:run|Dockerfile)$/;

function files(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : files(path);
    return texts.test(path) ? [path] : [];
  });
}

/** Lines that a merge leaves behind. */
const torn = (text: string): boolean => /^(?:<{7}|>{7}) /m.test(text);

it('has no file with the marks of a merge', () => {
  expect(torn(`a\n${'<'.repeat(7)} HEAD\nb`)).toBe(true);
  expect(files()).toContain(join('.ci', 'run'));
  expect(files().filter((path) => torn(readFileSync(join(root, path), 'utf8')))).toEqual([]);
});

it('has a script of continuous integration that bash can parse', () => {
  expect(() => execFileSync('bash', ['-n', join(root, '.ci', 'run')], { stdio: 'pipe' })).not.toThrow();
});
