/** What the schema cannot say of controls of one's own. Pure: a file is read before. */
import type { ControlSettings } from '../../core/settings/control.ts';
import { isOwn, ownLimits, reservedColumns } from './definition.ts';

export interface OwnProblem {
  /** Below `controls`. */
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** Parameters that the query of a control may use, with their types. */
export const ownParameters: Readonly<Record<string, string>> = {
  tenant: 'String',
  sources: 'Array(String)',
  leg: 'String',
  currency: 'String',
  time_zone: 'String',
  instant: "DateTime64(3, 'UTC')",
  from: "DateTime64(3, 'UTC')",
  to: "DateTime64(3, 'UTC')",
  since: "DateTime64(3, 'UTC')",
  changed_from: "DateTime64(3, 'UTC')",
  changed_to: "DateTime64(3, 'UTC')",
  window_seconds: 'UInt32',
  watching_since: "DateTime64(3, 'UTC')",
};

/** Settings that only a control of one's own has. */
const ownOnly = [
  ...['title', 'kind', 'dimensions', 'unit', 'direction', 'trigger', 'windowMinutes', 'lookbackHours', 'legs', 'moneyClass'],
  ...['moneyMethod', 'timeoutSeconds', 'owner', 'text', 'proof', 'recovery'],
] as const;

/** The text without what stands in quotes and comments, so that words in it are words of SQL. */
function bare(sql: string): string {
  return sql.replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

function balanced(words: string): boolean {
  let depth = 0;
  for (const character of words) {
    if (character === '(') depth++;
    else if (character === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/**
 * What is wrong with the SQL as text; what ClickHouse makes of it is seen when it runs.
 * @param known parameters that it may use
 * @example sqlProblem('DROP TABLE usage') // { message: 'is not a SELECT', hint: 'Begin with SELECT or WITH; one statement, without FORMAT, INTO or SETTINGS at its end.' }
 */
export function sqlProblem(
  sql: string,
  known: readonly string[] = Object.keys(ownParameters),
): { readonly message: string; readonly hint: string } | undefined {
  const words = bare(sql).trim().replace(/;\s*$/, '');
  if (words.includes(';'))
    return { message: 'holds more than one statement', hint: 'A control is one SELECT; put steps into WITH or into sub-queries.' };
  if (!/^(\(\s*)*(SELECT|WITH)\b/i.test(words))
    return { message: 'is not a SELECT', hint: 'Begin with SELECT or WITH; one statement, without FORMAT, INTO or SETTINGS at its end.' };
  if (/\b(SETTINGS|FORMAT|INTO\s+OUTFILE)\b/i.test(words))
    return { message: 'sets SETTINGS, FORMAT or INTO OUTFILE', hint: 'Limits and format are those of analysts and cannot be chosen.' };
  if (!balanced(words)) return { message: 'has brackets that do not match', hint: 'Each ( needs its ).' };
  for (const [, name = '', type = ''] of words.matchAll(/\{\s*(\w+)\s*:\s*([^{}]*)\}/g)) {
    if (!known.includes(name))
      return { message: `uses the parameter {${name}:${type.trim()}} that does not exist`, hint: `There are: ${known.join(', ')}.` };
  }
  return undefined;
}

function problemsOf(name: string, settings: ControlSettings, shipped: readonly string[]): readonly OwnProblem[] {
  const problems: OwnProblem[] = [];
  const add = (path: readonly string[], message: string, hint: string) => problems.push({ path: [name, ...path], message, hint });
  const { sql, sqlFile, dimensions = [], limits, learnWithin = {}, trigger, legs = [] } = settings;
  if (shipped.some((identity) => identity.toLowerCase() === name.toLowerCase()))
    add(
      [],
      'is the name of a control that ships',
      'Give your own control a name of its own, or leave sql and sqlFile out to change that one.',
    );
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) add([], 'is not a name', 'Lower-case letters, digits and _, beginning with a letter.');
  const wrong = sql === undefined ? undefined : sqlProblem(sql);
  if (wrong) add([sqlFile === undefined ? 'sql' : 'sqlFile'], wrong.message, wrong.hint);
  for (const dimension of dimensions)
    if (reservedColumns.includes(dimension) || dimension === 'window')
      add(['dimensions'], `${dimension} is a figure, not a dimension`, 'Name the columns that say what a row is about, e.g. partner.');
  if (trigger === 'window-close' && legs.length === 0)
    add(['trigger'], 'window-close needs legs', 'Say in legs which legs must be complete before a window is judged.');
  for (const limit of Object.keys(learnWithin))
    if (!ownLimits.some((each) => each.name === limit))
      add(['learnWithin', limit], 'no such limit', `Known: ${ownLimits.map((each) => each.name).join(', ')}.`);
  for (const [limit, value] of Object.entries(limits)) {
    const known = ownLimits.find((each) => each.name === limit);
    if (!known) add(['limits', limit], 'no such limit', `Known: ${ownLimits.map((each) => each.name).join(', ')}.`);
    else if (value < known.min || value > known.max)
      add(['limits', limit], `${value} is outside ${known.min} to ${known.max}`, known.description);
  }
  return problems;
}

/**
 * Problems of the controls of one's own.
 * @param shipped identities of the controls that ship
 * @example ownProblems({ mine: { enabled: true, limits: { shar: 1 }, sql: 'SELECT 1' } }, [])[0].message // 'no such limit'
 */
export function ownProblems(controls: Readonly<Record<string, ControlSettings>>, shipped: readonly string[]): readonly OwnProblem[] {
  return Object.entries(controls).flatMap(([name, settings]) => {
    if (isOwn(settings)) return problemsOf(name, settings, shipped);
    const lost = ownOnly.find((key) => settings[key] !== undefined);
    return lost === undefined
      ? []
      : [
          {
            path: [name, lost],
            message: shipped.includes(name) ? 'cannot be set for a control that ships' : 'needs sql or sqlFile beside it',
            hint: 'A control of your own is a name of your own with sql or sqlFile.',
          },
        ];
  });
}
