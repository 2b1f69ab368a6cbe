/** Asks the query of a control of one's own: as the analyst, within a time and a number of rows, its columns checked. */
import type { Definition } from '../../core/definition.ts';
import { WeirError } from '../../core/errors.ts';
import { mostOwnRows, ownParameters, sqlProblem } from '../../detectors/own/index.ts';
import type { Analyst } from '../../sql/analyst.ts';

/** What is asked of ClickHouse: a part of `Analyst`. */
export type AskAnalyst = Pick<Analyst, 'ask'>['ask'];

/** Longest text of a dimension, in UTF-16 units. */
const longestLabel = 200;

/**
 * The statement that runs: the SELECT of the settings as a sub-query, so that nothing but a SELECT can be in it.
 * @example ownStatement('SELECT 1 AS observed', 10) // 'SELECT *\nFROM\n(\nSELECT 1 AS observed\n)\nLIMIT 10'
 */
export function ownStatement(sql: string, limit: number): string {
  return `SELECT *\nFROM\n(\n${sql.replace(/[\s;]+$/, '')}\n)\nLIMIT ${limit}`;
}

/** The parameters that a control of one's own may use, of all that a definition gets. */
function paramsOf(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(ownParameters).map((name) => [name, params[name]]));
}

function placeOf({ identity }: Definition): string {
  return `controls.${identity}`;
}

/** Refuses what is not one SELECT: a sub-query could end its own brackets, or set its own limits. */
function checkText(definition: Definition): void {
  const wrong = sqlProblem(definition.own!.sql);
  if (wrong) throw new WeirError('query_refused', `the query ${wrong.message}`, { place: placeOf(definition), hint: wrong.hint });
}

/** Refuses an answer without the columns that are needed. */
function checkColumns(definition: Definition, given: readonly string[]): void {
  const needed = Object.keys(definition.columns).filter((name) => !definition.own!.optional.includes(name));
  const lost = needed.filter((name) => !given.includes(name));
  if (lost.length === 0) return;
  throw new WeirError('query_refused', `the query gives no column ${lost.join(', ')}; it gives ${given.join(', ') || 'none'}`, {
    place: placeOf(definition),
    hint: 'Name the columns with AS: observed, expected and those of dimensions.',
  });
}

/** What a column that is not there or NULL is taken for. */
const absent: Readonly<Record<string, unknown>> = {
  window_from: '1970-01-01 00:00:00.000',
  window_to: '1970-01-01 00:00:00.000',
  samples: [],
};

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, longestLabel);
}

/** A day without a time begins at midnight. */
function instantOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value} 00:00:00.000` : value;
}

function cellValue(name: string, type: string, value: unknown): unknown {
  if (type === 'text') return textOf(value);
  if (value === null || value === undefined) return absent[name] ?? null;
  if (type === 'instant') return instantOf(value);
  if (type === 'texts') return Array.isArray(value) ? value.map(textOf) : value;
  // Sums of money are Float64 as often as Decimal: digits beyond a micro-unit are noise of the sum.
  if (type === 'maybe_money' && typeof value === 'string' && /e/i.test(value)) return Number(value);
  return value;
}

/**
 * The rows of a control of one's own, as its `columns` want them.
 * @throws WeirError query_refused when ClickHouse refuses it, a column is missing, or it gives more rows than a control may
 */
export async function askOwn(
  definition: Definition,
  params: Readonly<Record<string, unknown>>,
  ask: AskAnalyst,
): Promise<readonly Record<string, unknown>[]> {
  const { sql, timeoutMs } = definition.own!;
  checkText(definition);
  const { columns, rows } = await ask(ownStatement(sql, mostOwnRows + 1), { params: paramsOf(params), timeoutMs });
  const names = columns.map(({ name }) => name);
  checkColumns(definition, names);
  if (rows.length > mostOwnRows)
    throw new WeirError('query_refused', `the query gives more than ${mostOwnRows} rows`, {
      place: placeOf(definition),
      hint: 'Group by fewer dimensions, or give only the rows that matter.',
    });
  const wanted = Object.entries(definition.columns).map(([name, type]) => ({ name, type, at: names.indexOf(name) }));
  return rows.map((row) =>
    Object.fromEntries(wanted.map(({ name, type, at }) => [name, cellValue(name, type, at < 0 ? undefined : row[at])])),
  );
}

/**
 * Has ClickHouse analyse the query without running it, and checks its columns.
 * @throws WeirError query_refused
 */
export async function describeOwn(definition: Definition, params: Readonly<Record<string, unknown>>, ask: AskAnalyst): Promise<void> {
  checkText(definition);
  const { rows } = await ask(`DESCRIBE TABLE\n(\n${definition.own!.sql.replace(/[\s;]+$/, '')}\n)`, { params: paramsOf(params) });
  checkColumns(
    definition,
    rows.map(([name]) => String(name)),
  );
}
