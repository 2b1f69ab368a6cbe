/** YAML files of a folder as documents that know their lines: objectives and agreements are kept so. Files are hostile: sizes and depths are bounded. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { WeirError } from '../../core/errors.ts';
import type { Path } from '../../detectors/service/files/fields.ts';

/** A document of a file. */
export interface FileDocument {
  readonly file: string;
  readonly value: unknown;
  /** `file:line` of the deepest field of the path that is there. */
  placeOf(path: Path): string;
}

/** What is wrong, with its place for a person. */
export interface FileProblem {
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

export interface FileDocuments {
  readonly documents: readonly FileDocument[];
  readonly problems: readonly FileProblem[];
}

const largestFile = 1_000_000;
const mostFiles = 1_000;
const deepest = 8;
const endings = ['.yaml', '.yml'];

/**
 * YAML files of a folder and the folders below it, in the order of their names; a file stands for itself.
 * @throws WeirError config_unreadable
 */
export function yamlFiles(path: string): readonly string[] {
  const files: string[] = [];
  const walk = (at: string, depth: number): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const inner = join(at, entry.name);
      if (entry.isDirectory() && depth < deepest) walk(inner, depth + 1);
      else if (entry.isFile() && endings.includes(extname(entry.name))) files.push(inner);
      if (files.length > mostFiles)
        throw new WeirError('config_unreadable', `${path}: more than ${mostFiles} files`, { place: path, hint: 'Is it the right folder?' });
    }
  };
  try {
    if (statSync(path).isFile()) return [path];
    walk(path, 0);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw new WeirError('config_unreadable', `${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`, {
      place: path,
      hint: 'A folder or a file as seen from where Weir is started.',
      cause: error,
    });
  }
  return files;
}

/**
 * The documents of a text.
 * @param file its name, for messages
 */
export function documentsOf(text: string, file: string): FileDocuments {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(parsed)) return { documents: [], problems: [] };
  const documents: FileDocument[] = [];
  const problems: FileProblem[] = [];
  for (const document of parsed) {
    const [broken] = document.errors;
    if (broken) {
      problems.push({
        place: `${file}:${lines.linePos(broken.pos[0]).line}`,
        message: broken.message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, ''),
        hint: 'The file is not valid YAML there: look at the indentation and the quotes.',
      });
      continue;
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: 20 });
      // A file may begin or end with ---.
      if (value === null || value === undefined) continue;
      documents.push({ file, value, placeOf: (path) => placeOf(document, lines, file, path) });
    } catch (error) {
      problems.push({ place: file, message: (error as Error).message, hint: 'Write the values out instead of referring to them.' });
    }
  }
  return { documents, problems };
}

function placeOf(document: Document.Parsed, lines: LineCounter, file: string, path: Path): string {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === part);
      if (!pair) break;
      offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return `${file}:${lines.linePos(offset).line}`;
}

/** The documents of files. A file that cannot be read is a problem of its own; the others go on. */
export function readDocuments(files: readonly string[]): FileDocuments {
  const documents: FileDocument[] = [];
  const problems: FileProblem[] = [];
  for (const file of files) {
    const text = textOf(file);
    if (text === undefined) {
      problems.push({ place: file, message: 'cannot be read, or is larger than 1 MB', hint: 'A text file of at most 1 MB.' });
      continue;
    }
    const read = documentsOf(text, file);
    documents.push(...read.documents);
    problems.push(...read.problems);
  }
  return { documents, problems };
}

function textOf(file: string): string | undefined {
  try {
    const facts = statSync(file);
    return facts.isFile() && facts.size <= largestFile ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The text of a file that a document names, beside it or below: never above its folder.
 * @param from the file of the document
 */
export function besideFile(from: string, path: string): string | undefined {
  const folder = resolve(dirname(from));
  const file = resolve(folder, path);
  const inside = relative(folder, file);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || inside.startsWith(sep)) return undefined;
  return textOf(file);
}
