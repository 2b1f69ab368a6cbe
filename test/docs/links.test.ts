import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../docs/generate/markdown.ts';
import { root } from '../../docs/generate/pages.ts';
import { documents, withoutCode } from './files.ts';

const all = documents();

function anchorsOf(path: string): string[] {
  const text = all.find((document) => document.path === path)?.text ?? '';
  return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf((heading as string).replaceAll('`', '')));
}

/** What is wrong with a link, or nothing. */
function faultOf(from: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#', 2);
  const target = file === '' ? from : posix.join(posix.dirname(from), decodeURIComponent(file));
  if (!existsSync(join(root, target))) return `${from}: ${link} does not exist`;
  if (anchor !== undefined && !anchorsOf(target).includes(anchor)) return `${from}: ${link}: no such heading`;
  return undefined;
}

describe('links in Markdown', () => {
  it.each(all.map(({ path, text }) => [path, text] as const))('of %s lead somewhere', (path, text) => {
    const links = [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?\)/g)].map(([, link]) => link as string);
    expect(links.flatMap((link) => faultOf(path, link) ?? [])).toEqual([]);
  });

  it('finds what leads nowhere', () => {
    expect(faultOf('README.md', 'docs/nowhere.md')).toContain('does not exist');
    expect(faultOf('docs/controls.md', '#nothing')).toContain('no such heading');
    expect(faultOf('docs/controls.md', 'formats.md#a-mapping')).toBeUndefined();
  });

  it('names every page of docs/ in the index', () => {
    const index = all.find(({ path }) => path === 'docs/README.md')?.text ?? '';
    const pages = all.map(({ path }) => path).filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
    expect(pages.filter((path) => !index.includes(`](${posix.relative('docs', path)})`))).toEqual([]);
  });
});

it('no page names a place of one machine', () => {
  const places = /(?<![\w.])\/(work|tmp|home|Users|farm|root)\/\S*/g;
  for (const { path, text } of all) expect(text.match(places) ?? [], path).toEqual([]);
});
