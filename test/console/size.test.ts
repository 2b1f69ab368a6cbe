/** What a browser has to load before it shows the first view: bytes are not time, but time is made of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildConsole } from '../../bin/console.mjs';

const most = 60 * 1024;
const place = mkdtempSync(join(tmpdir(), 'weir-console-size-'));
let built: { readonly first: readonly string[]; readonly files: readonly string[] };
beforeAll(() => {
  built = buildConsole(place);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

it('the first view needs less than 60 KB of script, in either compression', () => {
  for (const end of ['.gz', '.br']) {
    const bytes = built.first.reduce((sum, name) => sum + statSync(join(place, name + end)).size, 0);
    expect(bytes, end).toBeGreaterThan(5_000);
    expect(bytes, end).toBeLessThan(most);
  }
});

it('all of it, with the chart and every page, stays below twice that', () => {
  const scripts = readdirSync(place).filter((name) => name.endsWith('.js.gz'));
  expect(scripts.reduce((sum, name) => sum + statSync(join(place, name)).size, 0)).toBeLessThan(2 * most);
});

it('names hold the hash of the content, and nothing is named that is not there', () => {
  const page = readFileSync(join(place, 'index.html'), 'utf8');
  const named = [...page.matchAll(/\/console\/([^"]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(built.files).toContain(name);
  expect(built.files.filter((name) => /\.(js|css)$/.test(name) && !/-[A-Z0-9]{8}\./.test(name))).toEqual([]);
  // No address of elsewhere, no code or style inside of the page: its policy forbids both.
  expect(page).not.toMatch(/https?:|<script>|<style|style="|\son[a-z]+="/);
});
