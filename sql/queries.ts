/** The named queries: one per file in `queries/`, its leading comment is its documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WeirError } from '../core/errors.ts';

export interface NamedQuery {
  readonly name: string;
  /** The leading `--` lines without the dashes. */
  readonly comment: string;
  /** The statement, without a closing semicolon. */
  readonly sql: string;
  /** Parameters with their ClickHouse types, in order of appearance. */
  readonly parameters: Readonly<Record<string, string>>;
}

const directory = fileURLToPath(new URL('./queries/', import.meta.url));
const cache = new Map<string, NamedQuery>();

/**
 * The query of that name. Read from its file once.
 * @param name file name without `.sql`: lower case, digits, dashes, and one slash for a folder
 */
export function queryNamed(name: string): NamedQuery {
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (!/^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)?$/.test(name))
    throw new WeirError('not_found', 'There is no query of that name.', { place: name });
  let text: string;
  try {
    text = readFileSync(`${directory}${name}.sql`, 'utf8');
  } catch (cause) {
    throw new WeirError('not_found', `There is no query sql/queries/${name}.sql.`, { place: name, cause });
  }
  const query = parseQuery(name, text);
  cache.set(name, query);
  return query;
}

/** Names of all queries, in ascending order. */
export function queryNames(): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => path.slice(0, -'.sql'.length).replaceAll('\\', '/'))
    .sort();
}

/**
 * Splits the text of a query file.
 * @example parseQuery('a', '-- Why.\nSELECT {n:UInt8};\n').parameters // { n: 'UInt8' }
 */
export function parseQuery(name: string, text: string): NamedQuery {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => !line.startsWith('--'));
  const comment = lines
    .slice(0, start)
    .map((line) => line.replace(/^--\s?/, ''))
    .join('\n');
  const sql = lines.slice(start).join('\n').trim().replace(/;$/, '').trimEnd();
  const parameters: Record<string, string> = {};
  for (const match of sql.matchAll(/\{([A-Za-z_]\w*):([^}]+)\}/g)) parameters[match[1] ?? ''] = (match[2] ?? '').trim();
  return { name, comment, sql, parameters };
}
