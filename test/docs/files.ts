/** The Markdown files of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../docs/generate/pages.ts';

const passedOver = new Set(['node_modules', 'dist', 'data', '.git']);

export interface Document {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every `.md` of the repository, without what is installed or made. */
export function documents(folder = ''): readonly Document[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : documents(path);
    return entry.name.endsWith('.md') ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
  });
}

/** A text without its blocks of code, in which nothing is a link or a heading. */
export const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');
