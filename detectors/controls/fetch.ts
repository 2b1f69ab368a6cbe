/** fetch: a source that fetches is away, late, empty, or gives something else than it did. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { quantileOf } from './amount.ts';
import { figure, lasting, utc } from './texts.ts';

const columns = {
  source: 'text',
  place: 'text',
  type: 'text',
  state: 'text',
  code: 'text',
  error: 'text',
  due_at: 'instant',
  next_due_at: 'instant',
  ok_at: 'instant',
  failing_since: 'instant',
  recent_rows: 'numbers',
  columns: 'texts',
  columns_before: 'texts',
  shape_since: 'instant',
} as const;

type Row = RowOf<typeof columns>;

const limits: readonly Limit[] = [
  {
    name: 'away_seconds',
    default: 900,
    unit: 'seconds',
    min: 0,
    max: 604_800,
    description: 'A place that fails for so long is a violation',
  },
  {
    name: 'late_seconds',
    default: 600,
    unit: 'seconds',
    min: 30,
    max: 604_800,
    description: 'A scheduled query that is so much behind its time is late',
  },
  {
    name: 'rows_ratio',
    default: 0.5,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Fewer rows than this share of the median of the runs before are too few',
  },
  {
    name: 'rows_history',
    default: 3,
    unit: 'runs',
    min: 1,
    max: 20,
    description: 'Runs before, all with rows, that make the usual number known',
  },
  { name: 'shape_hours', default: 24, unit: 'hours', min: 1, max: 168, description: 'So long after a change of columns it is still said' },
];

function base({ source, place }: Row, check: string, { window, tenant }: Evaluation): Judgement {
  return {
    ...calm({ source, place, check }, window),
    evidence: { query: 'control-fetch-evidence', params: { tenant, source, place } },
  };
}

function away(row: Row, evaluation: Evaluation): Judgement {
  const start = { ...base(row, 'away', evaluation), unit: 'seconds' };
  if (row.state !== 'failed') return start;
  const since = row.failing_since;
  const observed = Math.max(0, evaluation.instant - since) / 1000;
  const upper = evaluation.limit('away_seconds');
  const figures = { ...start, observed, upper, direction: 'up' as const, beganAt: since };
  if (observed < upper) return { ...figures, state: 'waiting', note: `failing since ${utc(since)}: ${row.code}` };
  return {
    ...figures,
    state: 'violation',
    p: 0,
    note: 'no amount: what is not fetched yet is not lost',
    title: `${row.source}: nothing fetched for ${lasting(observed * 1000)}`,
    summary: `${row.place} has failed since ${utc(since)} (${row.code}): ${row.error}`,
  };
}

function late(row: Row, evaluation: Evaluation): Judgement {
  const start = { ...base(row, 'late', evaluation), unit: 'seconds' };
  // Looks at files come all the time and are written down only when they bring something: their silence is judged by S02.
  if (row.type !== 'sql' || row.state !== 'ok' || row.next_due_at <= 0) return start;
  const observed = Math.max(0, evaluation.instant - row.next_due_at) / 1000;
  const upper = evaluation.limit('late_seconds');
  const figures = { ...start, observed, upper, direction: 'up' as const, beganAt: row.next_due_at };
  if (observed <= upper) return figures;
  return {
    ...figures,
    state: 'violation',
    p: 0,
    note: 'no amount: what is not fetched yet is not lost',
    title: `${row.source}: query late by ${lasting(observed * 1000)}`,
    summary: `The query of ${row.source} was due at ${utc(row.next_due_at)} and did not run; the last one was that of ${utc(row.due_at)}. Does the ingest process run?`,
  };
}

function tooFew(row: Row, evaluation: Evaluation): Judgement {
  const start = { ...base(row, 'rows', evaluation), unit: 'rows' };
  if (row.type !== 'sql' || row.recent_rows.length === 0) return start;
  const [observed = 0, ...before] = row.recent_rows;
  const history = evaluation.limit('rows_history');
  if (before.length < history || before.slice(0, history).includes(0)) return { ...start, observed };
  const expected = quantileOf(before, 0.5);
  const lower = expected * evaluation.limit('rows_ratio');
  const figures = { ...start, observed, expected, lower, upper: expected, direction: 'down' as const, beganAt: row.due_at };
  if (observed >= lower) return figures;
  return {
    ...figures,
    state: 'violation',
    p: 0,
    note: 'no amount: what the rows would have said is not known',
    title:
      observed === 0 ? `${row.source}: the query gives nothing` : `${row.source}: ${figure(observed)} rows in place of ${figure(expected)}`,
    summary: `The run of ${utc(row.due_at)} gave ${figure(observed)} rows; the median of the ${before.length} runs before is ${figure(expected)}.`,
  };
}

/**
 * What changed between two lists of columns, each "name type".
 * @example shapeChanges(['a int', 'b text'], ['a bigint', 'c text']) // ['a: int is now bigint', 'new column c text', 'b is gone']
 */
export function shapeChanges(before: readonly string[], now: readonly string[]): readonly string[] {
  const parts = (column: string): readonly [string, string] => {
    const at = column.indexOf(' ');
    return at < 0 ? [column, ''] : [column.slice(0, at), column.slice(at + 1)];
  };
  const old = new Map(before.map(parts));
  const fresh = new Map(now.map(parts));
  const changes: string[] = [];
  for (const [name, type] of fresh) {
    const known = old.get(name);
    if (known === undefined) changes.push(`new column ${name}${type ? ` ${type}` : ''}`);
    else if (known !== type) changes.push(`${name}: ${known} is now ${type}`);
  }
  changes.sort((a, b) => Number(a.startsWith('new')) - Number(b.startsWith('new')));
  for (const name of old.keys()) if (!fresh.has(name)) changes.push(`${name} is gone`);
  return changes.length === 0 && before.join() !== now.join() ? ['columns in another order'] : changes;
}

function shape(row: Row, evaluation: Evaluation): Judgement {
  const start = { ...base(row, 'shape', evaluation), unit: 'columns' };
  if (row.columns_before.length === 0) return { ...start, observed: row.columns.length };
  const changes = shapeChanges(row.columns_before, row.columns);
  const figures = { ...start, observed: changes.length, direction: 'up' as const, beganAt: row.shape_since };
  // After a day the new shape is the one that is expected.
  if (evaluation.instant - row.shape_since > evaluation.limit('shape_hours') * 3_600_000) return { ...figures, observed: 0 };
  const shown = changes.slice(0, 5).join('; ');
  return {
    ...figures,
    state: 'violation',
    p: 0,
    note: 'no amount: records come all the same, as far as the mapping finds its columns',
    title: `${row.source}: other columns (${changes[0]}${changes.length > 1 ? ', …' : ''})`,
    summary: `Since ${utc(row.shape_since)} ${row.place} gives other columns: ${shown}${changes.length > 5 ? '; …' : ''}. Does the mapping still fit?`,
  };
}

/** Looks and runs of sources of type sftp, s3 and sql. */
export const fetch = define({
  identity: 'fetch',
  title: 'Fetched sources',
  kind: 'data',
  rater: 'assurance',
  metric: 'fetch',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['fetches'], data: 'sources of type sftp, s3 or sql' },
  query: 'control-fetch',
  columns,
  lookbackMs: 8 * 86_400_000,
  limits,
  scope: ['source', 'place', 'check'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) =>
    rows.flatMap((row) => [away(row, evaluation), late(row, evaluation), tooFew(row, evaluation), shape(row, evaluation)]),
  documentation: {
    meaning:
      'A server or database that Weir fetches from cannot be reached or refuses (away), a scheduled query did not run (late), a query gives nothing or far fewer rows than it did (rows), or what comes has other columns: a new one, one gone, one of another type (shape).',
    formula:
      'away: failed since longer than away_seconds. late: now - next due time > late_seconds. rows: rows of the last run < rows_ratio x median of up to 20 runs before, once rows_history runs had rows. shape: columns (names and types of a query, names of a header row) differ from those before, for shape_hours.',
    proof: 'The runs in `fetches`: when they were due and done, their rows, columns and errors.',
    recovery:
      'The error says what is wrong; `npx weir check --connect` tries it at once. What was missed is fetched when the source is back. For other columns correct the mapping, then replay the rejects.',
  },
});
