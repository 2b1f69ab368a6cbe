import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { movedImports, withCode } from '../../docs/generate/embed.ts';
import { anchorOf, markdownTable } from '../../docs/generate/markdown.ts';
import { pages, root } from '../../docs/generate/pages.ts';

describe('pages that are made', () => {
  it.each(pages().map(({ path, text }) => [path, text] as const))('%s is as `npm run docs` writes it', (path, text) => {
    expect(text === readFileSync(`${root}/${path}`, 'utf8'), 'run npm run docs').toBe(true);
  });

  it('carries every block of code that a marker names', () => {
    const page = '<!-- code: LICENSE -->\n```text\nold\n```\n';
    expect(withCode(page, root)).toContain('Apache License');
    for (const { path, text } of pages()) expect(text.match(/<!-- code: .*-->\n(?!```\w+\n)/) ?? [], path).toEqual([]);
  });

  it('moves imports with the file', () => {
    const text = "import { a } from '../../core/a.ts';\nimport { b } from '../../ingest/decode/b.ts';\nimport c from './c.ts';";
    expect(movedImports(text, 'examples/x/y.ts', 'ingest/decode/y.ts')).toBe(
      "import { a } from '../../core/a.ts';\nimport { b } from './b.ts';\nimport c from './c.ts';",
    );
  });

  it('makes anchors and tables as GitHub reads them', () => {
    expect(anchorOf('Who may `import` whom?')).toBe('who-may-import-whom');
    expect(anchorOf('usage_minute')).toBe('usage_minute');
    expect(markdownTable(['a'], [['x|y']])).toBe('| a |\n|---|\n| x\\|y |');
  });
});
