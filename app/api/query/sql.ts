/** Free SQL with macros, asked as the analyst. */
import { WeirError } from '../../../core/errors.ts';
import type { Analyst, Answer } from '../../../sql/analyst.ts';
import { columnsOf, seriesOf, tableOf } from './answer.ts';
import { type Frame, unitOf } from './frame.ts';
import { expandMacros, type MacroContext } from './macros.ts';

export interface SqlQuery {
  readonly sql: string;
  readonly format: 'table' | 'series';
  /** Units of columns, in words of Weir; `*` is every number. */
  readonly units: Readonly<Record<string, string>>;
  /** What the unit `currency` is. */
  readonly currency: string;
}

/** Largest answer, in bytes: it is held in memory. */
const largest = 16 * 1_048_576;
/** A panel does not wait longer, in ms. */
const timeoutMs = 30_000;

/** The frames of a question in SQL. Fails with `usage` or `query_refused`. */
export async function sqlFrames(
  analyst: Pick<Analyst, 'stream'>,
  query: SqlQuery,
  context: MacroContext,
  zone: () => Promise<string>,
): Promise<Frame[]> {
  const sql = expandMacros(query.sql, context);
  const answer = await read(analyst, sql);
  const stated = answer.columns.some(({ type }) => /DateTime/.test(type) && !type.includes("'"));
  const columns = columnsOf(answer, stated ? await zone() : 'UTC').map((column) => {
    const unit = column.type === 'number' ? (query.units[column.name] ?? query.units['*']) : undefined;
    return unit === undefined ? column : { ...column, config: { unit: unitOf(unit, query.currency) } };
  });
  return query.format === 'series' ? seriesOf(columns, sql) : [tableOf(columns, sql)];
}

async function read(analyst: Pick<Analyst, 'stream'>, sql: string): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of await analyst.stream(sql, 'JSONCompact', { timeoutMs })) {
      size += chunk.length;
      if (size > largest) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof WeirError) throw cause;
    throw brokenOff(chunks, cause);
  }
  if (size > largest)
    throw new WeirError('query_refused', 'The answer is larger than 16 MiB.', { hint: 'Add a LIMIT, or aggregate by $__timeInterval.' });
  try {
    const { meta, data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { meta: Answer['columns']; data: Answer['rows'] };
    return { columns: meta, rows: data };
  } catch (cause) {
    throw brokenOff(chunks, cause);
  }
}

/** What fails while the answer is written already, e.g. a limit: ClickHouse's words stand at the end of what came, if at all. */
export function brokenOff(chunks: readonly Uint8Array[], cause: unknown): WeirError {
  const end = Buffer.concat(chunks.slice(-4)).toString('utf8').slice(-4000);
  const said = /Code: \d+\. DB::Exception: [^\n]{1,500}/.exec(end)?.[0] ?? 'The answer broke off: the question failed or reached a limit.';
  return new WeirError('query_refused', said, { hint: 'Ask for less at once.', cause });
}
