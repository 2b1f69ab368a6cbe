/** `npm run docs`: writes the pages that are made from code. A test says when they are out of date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pages, root } from './generate/pages.ts';

for (const { path, text } of pages()) {
  const file = `${root}/${path}`;
  const changed = !existsSync(file) || readFileSync(file, 'utf8') !== text;
  if (changed) writeFileSync(file, text);
  process.stdout.write(`${changed ? 'written  ' : 'unchanged'} ${path}\n`);
}
