/**
 * Code in the how-to pages is the code of `examples/`, which is compiled and tested. A block stands behind a marker:
 * `<!-- code: examples/format/acme-pbx.ts as ingest/decode/acme-pbx.ts -->`, and `npm run docs` writes it anew, its imports as they
 * read from the place behind `as`.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const block = /(<!-- code: (\S+)(?: as (\S+))? -->\n)```(\w+)\n[\s\S]*?\n```/g;

/**
 * The imports of a file as they read from another place; those of its own folder move with it and stay.
 * @example movedImports("import { a } from '../../core/a.ts';", 'examples/x/y.ts', 'core/y.ts') // "import { a } from './a.ts';"
 */
export function movedImports(text: string, from: string, to: string): string {
  return text.replaceAll(/from '(\.\.[^']+)'/g, (_, path: string) => {
    const moved = posix.relative(posix.dirname(to), posix.join(posix.dirname(from), path));
    return `from '${moved.startsWith('.') ? moved : `./${moved}`}'`;
  });
}

/** A page with its blocks of code as the files now are. Paths are relative to `root`. */
export function withCode(page: string, root: string): string {
  return page.replaceAll(block, (_, marker: string, file: string, place: string | undefined, language: string) => {
    const text = readFileSync(`${root}/${file}`, 'utf8').trimEnd();
    return `${marker}\`\`\`${language}\n${place ? movedImports(text, file, place) : text}\n\`\`\``;
  });
}
