/** Reads the values of a YAML or JSON document field by field, and gathers what is wrong with the place of each. Pure; the text was parsed before. */

export type Path = readonly (string | number)[];

export interface FieldProblem {
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

/** A map of a document. What is missing or wrong is gathered, and the answer is undefined then. */
export interface Fields {
  readonly path: Path;
  /** Whether the field is there and not null. */
  has(name: string): boolean;
  text(name: string, rule?: TextRule): string | undefined;
  number(name: string, rule?: NumberRule): number | undefined;
  flag(name: string): boolean | undefined;
  /** A decimal as its text: money and percentages keep every digit. */
  decimal(name: string, rule?: { readonly required?: boolean }): string | undefined;
  map(name: string, required?: boolean): Fields | undefined;
  /** A list of maps. */
  maps(name: string, required?: boolean): readonly Fields[] | undefined;
  texts(name: string): readonly string[] | undefined;
  /** A map of name to text; numbers and truth values as their text. */
  labels(name: string): Readonly<Record<string, string>>;
  /** Complains of every field but these. */
  only(...names: readonly string[]): void;
  /** Complains of one field, or of the map as a whole. */
  fail(name: string | undefined, message: string, hint: string): undefined;
}

export interface TextRule {
  readonly required?: boolean;
  readonly oneOf?: readonly string[];
  /** What it must look like, with words for it. */
  readonly like?: readonly [pattern: RegExp, words: string];
  readonly most?: number;
}

export interface NumberRule {
  readonly required?: boolean;
  readonly least?: number;
  readonly below?: number;
  readonly most?: number;
  readonly above?: number;
}

const decimal = /^-?\d{1,15}(\.\d{1,18})?$/;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rangeOf({ least, most, above, below }: NumberRule): string {
  const low = least === undefined ? (above === undefined ? '' : `above ${above}`) : `at least ${least}`;
  const high = most === undefined ? (below === undefined ? '' : `below ${below}`) : `at most ${most}`;
  return [low, high].filter(Boolean).join(' and ') || 'any number';
}

function within(value: number, { least, most, above, below }: NumberRule): boolean {
  return (
    Number.isFinite(value) &&
    (least === undefined || value >= least) &&
    (most === undefined || value <= most) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

/**
 * The fields of a value that must be a map.
 * @param add takes what is wrong, also later when a field is read
 * @example fieldsOf({ a: 'x' }, [], ({ message }) => { throw new Error(message); }).text('a') // 'x'
 */
export function fieldsOf(value: unknown, path: Path, add: (problem: FieldProblem) => void): Fields {
  const given = isMap(value) ? value : {};
  const name = path.at(-1) ?? 'the document';
  if (!isMap(value)) add({ path, message: `${name} is not a map of fields`, hint: 'Write it as indented lines of "field: value".' });
  const fail = (field: string | undefined, message: string, hint: string): undefined => {
    add({ path: field === undefined ? path : [...path, field], message, hint });
    return undefined;
  };
  const fieldOf = (field: string, required = false): unknown => {
    const found = Object.hasOwn(given, field) ? given[field] : undefined;
    if (found !== undefined && found !== null) return found;
    if (required && isMap(value)) fail(undefined, `${field} is missing`, `Add "${field}:" below ${name}.`);
    return undefined;
  };
  const fields: Fields = {
    path,
    has: (field) => fieldOf(field) !== undefined,
    text(field, { required, oneOf, like, most = 1050 } = {}) {
      const found = fieldOf(field, required);
      if (found === undefined) return undefined;
      const text = typeof found === 'number' || typeof found === 'boolean' ? String(found) : found;
      if (typeof text !== 'string') return fail(field, `${field} is not a text`, 'Put it in quotes.');
      if (oneOf && !oneOf.includes(text)) return fail(field, `${field} is ${shown(text)}`, `One of ${oneOf.join(', ')}.`);
      if (like && !like[0].test(text)) return fail(field, `${field} is ${shown(text)}`, like[1]);
      if (text.length > most) return fail(field, `${field} has ${text.length} characters`, `At most ${most}.`);
      return text;
    },
    number(field, rule = {}) {
      const found = fieldOf(field, rule.required);
      if (found === undefined) return undefined;
      if (typeof found !== 'number') return fail(field, `${field} is not a number`, rangeOf(rule));
      return within(found, rule) ? found : fail(field, `${field} is ${found}`, `It must be ${rangeOf(rule)}.`);
    },
    flag(field) {
      const found = fieldOf(field);
      if (found === undefined || typeof found === 'boolean') return found;
      return fail(field, `${field} is neither true nor false`, 'Without quotes: true or false.');
    },
    decimal(field, { required } = {}) {
      const found = fieldOf(field, required);
      if (found === undefined) return undefined;
      const text = typeof found === 'number' ? String(found) : found;
      if (typeof text === 'string' && decimal.test(text)) return text;
      return fail(field, `${field} is not a decimal`, 'Digits with a point, in quotes, e.g. "12000.00".');
    },
    map(field, required) {
      const found = fieldOf(field, required);
      return found === undefined ? undefined : fieldsOf(found, [...path, field], add);
    },
    maps(field, required) {
      const found = fieldOf(field, required);
      if (found === undefined) return undefined;
      if (!Array.isArray(found)) return fail(field, `${field} is not a list`, 'Begin each entry with "- ".');
      return found.map((each, at) => fieldsOf(each, [...path, field, at], add));
    },
    texts(field) {
      const found = fieldOf(field);
      if (found === undefined) return undefined;
      if (Array.isArray(found) && found.every((each) => typeof each === 'string')) return found;
      return fail(field, `${field} is not a list of texts`, 'Write it as [one, two].');
    },
    labels(field) {
      const found = fieldOf(field);
      if (found === undefined) return {};
      if (!isMap(found)) {
        fail(field, `${field} is not a map of texts`, 'Write it as { name: value }.');
        return {};
      }
      return Object.fromEntries(
        Object.entries(found).map(([key, each]) => [
          key,
          Array.isArray(each) ? each.map(String).join(',') : typeof each === 'object' ? '' : String(each),
        ]),
      );
    },
    only(...names) {
      for (const key of Object.keys(given))
        if (!names.includes(key)) fail(key, `${key}: there is no such field`, `Known here: ${names.join(', ')}.`);
    },
    fail,
  };
  return fields;
}

/** A text of a file in a message: short, in quotes. */
export const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
