/**
 * Macros in SQL, by the names of Grafana's ClickHouse datasource, so that what people know and have works here:
 * `$__timeFilter(column)` and the others of `macroNames`. They nest, take `()` or `{}`, and are left alone in strings, quoted names, comments.
 */
import { WeirError } from '../../../core/errors.ts';

/** A filter that a person set on a dashboard. */
export interface AdhocFilter {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** What the macros stand for. */
export interface MacroContext {
  /** First and last instant of the dashboard, ms. */
  readonly from: number;
  readonly to: number;
  /** Length of a bucket, ms. */
  readonly intervalMs: number;
  readonly filters: readonly AdhocFilter[];
}

/** Deepest nesting and longest result: an argument may stand twice in what a macro gives, so nesting doubles it. */
const deepest = 6;
const longest = 400_000;

const seconds = (ms: number): number => Math.floor(ms / 1000);
const dateTime = (ms: number): string => `toDateTime(${seconds(ms)}, 'UTC')`;
const milli = (ms: number): string => `fromUnixTimestamp64Milli(${Math.floor(ms)}, 'UTC')`;
const day = (ms: number): string => `toDate('${new Date(ms).toISOString().slice(0, 10)}')`;
const everySeconds = ({ intervalMs }: MacroContext): number => Math.max(1, seconds(intervalMs));

type Macro = readonly [least: number, most: number, expand: (args: readonly string[], context: MacroContext) => string];

const timeFilter = (column: string, { from, to }: MacroContext): string =>
  `(${column} >= ${dateTime(from)} AND ${column} <= ${dateTime(to)})`;
const dateFilter = (column: string, { from, to }: MacroContext): string => `(${column} >= ${day(from)} AND ${column} <= ${day(to)})`;
const dateTimeFilter: Macro = [2, 2, ([d = '', t = ''], at) => `(${dateFilter(d, at)} AND ${timeFilter(t, at)})`];

const macros: Readonly<Record<string, Macro>> = {
  timeFilter: [1, 1, ([column = ''], at) => timeFilter(column, at)],
  timeFilter_ms: [1, 1, ([column = ''], { from, to }) => `(${column} >= ${milli(from)} AND ${column} <= ${milli(to)})`],
  dateFilter: [1, 1, ([column = ''], at) => dateFilter(column, at)],
  dateTimeFilter,
  dt: dateTimeFilter,
  timeFrom: [1, 1, ([column = ''], { from }) => `(${column} >= ${dateTime(from)})`],
  timeTo: [1, 1, ([column = ''], { to }) => `(${column} <= ${dateTime(to)})`],
  fromTime: [0, 0, (_, { from }) => dateTime(from)],
  toTime: [0, 0, (_, { to }) => dateTime(to)],
  fromTime_ms: [0, 0, (_, { from }) => milli(from)],
  toTime_ms: [0, 0, (_, { to }) => milli(to)],
  timeInterval: [1, 1, ([column = ''], at) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${everySeconds(at)} second)`],
  timeInterval_ms: [
    1,
    1,
    ([column = ''], { intervalMs }) =>
      `toStartOfInterval(toDateTime64(${column}, 3), INTERVAL ${Math.max(1, Math.floor(intervalMs))} millisecond)`,
  ],
  timeGroup: [2, 2, ([column = '', length = '']) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${secondsOf(length)} second)`],
  interval_s: [0, 0, (_, at) => String(everySeconds(at))],
  adhocFilters: [0, 1, (_, { filters }) => (filters.length === 0 ? '1' : `(${filters.map(condition).join(' AND ')})`)],
};

/** Names of the macros, with `$__`. */
export const macroNames: readonly string[] = Object.keys(macros).map((name) => `$__${name}`);

/**
 * A length of time in seconds.
 * @example secondsOf("'5m'") // 300
 */
export function secondsOf(text: string): number {
  const found = /^['"`]?\s*(\d{1,9})\s*(s|m|h|d|w)?\s*['"`]?$/.exec(text.trim());
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const result = Number(found?.[1] ?? 0) * units[found?.[2] ?? 's']!;
  if (!(result > 0)) throw bad(`${text} is not a length of time`, 'Write e.g. 5m, 1h or 300.');
  return result;
}

/** A filter as SQL. Keys are names of columns, values are text: both quoted, so that neither can end its quotes. */
function condition({ key, operator, values }: AdhocFilter): string {
  const column = `toString(\`${key.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\`)`;
  const quoted = values.map((value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
  const first = quoted[0] ?? "''";
  switch (operator) {
    case '=':
    case '=|':
      return `${column} IN (${quoted.join(', ') || "''"})`;
    case '!=':
    case '!=|':
      return `${column} NOT IN (${quoted.join(', ') || "''"})`;
    case '=~':
      return `match(${column}, ${first})`;
    case '!~':
      return `NOT match(${column}, ${first})`;
    case '<':
    case '>':
    case '<=':
    case '>=':
      return `toFloat64OrNull(${column}) ${operator} toFloat64OrNull(${first})`;
    default:
      throw bad(`The operator ${operator} of a filter is not known`, 'One of = != =| !=| =~ !~ < > <= >=.');
  }
}

/**
 * The SQL with its macros written out.
 * @throws WeirError usage: an unknown macro, a wrong number of arguments, nesting without end
 * @example expandMacros('SELECT $__interval_s', { from: 0, to: 1, intervalMs: 60000, filters: [] }) // 'SELECT 60'
 */
export function expandMacros(sql: string, context: MacroContext): string {
  return expand(sql, context, 0);
}

function expand(text: string, context: MacroContext, depth: number): string {
  if (depth > deepest) throw bad(`Macros are nested deeper than ${deepest}`, 'Write the inner ones out.');
  let result = '';
  for (let at = 0; at < text.length; ) {
    const skipped = endOfQuiet(text, at);
    if (skipped > at) {
      result += text.slice(at, skipped);
      at = skipped;
      continue;
    }
    const name = text.startsWith('$__', at) ? (/^\$__(\w+)/.exec(text.slice(at, at + 64))?.[1] ?? '') : '';
    if (name === '') {
      result += text[at];
      at++;
      continue;
    }
    const macro = Object.hasOwn(macros, name) ? macros[name] : undefined;
    if (!macro) throw bad(`There is no macro $__${name}`, `There are ${macroNames.join(', ')}.`);
    const [args, end] = argumentsAt(text, at + 3 + name.length);
    const [least, most, write] = macro;
    if (args.length < least || args.length > most)
      throw bad(`$__${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${args.length}`, 'See docs/grafana.md.');
    result += write(
      args.map((arg) => expand(arg.trim(), context, depth + 1)),
      context,
    );
    if (result.length > longest) throw bad('The SQL with its macros is longer than 400,000 characters', 'Nest fewer macros.');
    at = end;
  }
  return result;
}

/** The arguments behind the name of a macro, and where they end. No bracket: none. */
function argumentsAt(text: string, start: number): readonly [readonly string[], number] {
  const open = text[start];
  if (open !== '(' && open !== '{') return [[], start];
  const args: string[] = [];
  const closing: string[] = [];
  let begin = start + 1;
  for (let at = start; at < text.length; ) {
    const skipped = endOfQuiet(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const character = text[at]!;
    if ('([{'.includes(character)) closing.push(character === '(' ? ')' : character === '[' ? ']' : '}');
    else if (character === closing.at(-1)) {
      closing.pop();
      if (closing.length === 0) {
        const last = text.slice(begin, at);
        if (args.length > 0 || last.trim() !== '') args.push(last);
        return [args, at + 1];
      }
    } else if (character === ',' && closing.length === 1) {
      args.push(text.slice(begin, at));
      begin = at + 1;
    }
    at++;
  }
  throw bad('A bracket behind a macro is not closed', 'Count the brackets.');
}

/** Where a string, a quoted name or a comment that begins here ends; `at` itself where none begins. */
function endOfQuiet(text: string, at: number): number {
  const character = text[at];
  if (character === "'" || character === '"' || character === '`') {
    for (let to = at + 1; to < text.length; to++) {
      if (text[to] === '\\') to++;
      else if (text[to] === character) return to + 1;
    }
    return text.length;
  }
  if (character === '-' && text[at + 1] === '-') return orEnd(text, text.indexOf('\n', at));
  if (character === '/' && text[at + 1] === '*') return orEnd(text, text.indexOf('*/', at + 2), 2);
  return at;
}

const orEnd = (text: string, at: number, length = 0): number => (at < 0 ? text.length : at + length);

const bad = (message: string, hint: string): WeirError => new WeirError('usage', `${message}.`, { hint });
