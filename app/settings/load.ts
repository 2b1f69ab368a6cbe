/** Reads `weir.yaml`, applies the environment, fills defaults and checks everything before anything starts. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { WeirError } from '../../core/errors.ts';
import { Settings } from '../../core/settings/index.ts';
import { controls } from '../../detectors/controls/index.ts';
import { type OwnProblem, ownProblems } from '../../detectors/own/index.ts';
import { seriesDefinitions } from '../../detectors/series/index.ts';
import { experienceModel } from '../../detectors/service/experience/index.ts';
import { wordProblems } from '../../detectors/service/life-cycle/index.ts';
import { routingProblems } from '../incidents/settings.ts';
import { withDefaults } from './defaults.ts';
import { nearest } from './nearest.ts';

const validator = Compile(Settings);

/** One wrong setting, with its place for a person. */
export interface SettingProblem {
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * The settings of a file, or the defaults when there is none.
 * @throws WeirError config_unreadable or config_invalid; the message lists every problem with file, line, key and hint.
 */
export function loadSettings(file: string | undefined, environment: Readonly<Record<string, string | undefined>> = {}): Settings {
  const text = file === undefined ? '' : readSettingsFile(file);
  return parseSettings(text, file ?? 'defaults', environment);
}

/** As `loadSettings`, from text. `name` stands for the file in messages. */
export function parseSettings(text: string, name: string, environment: Readonly<Record<string, string | undefined>> = {}): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, maxAliasCount: 20 } as object);
  const broken = document.errors[0];
  if (broken) {
    const at = lines.linePos(broken.pos[0]);
    throw new WeirError('config_unreadable', `${name}:${at.line}:${at.col}: ${firstLine(broken.message)}`, {
      place: `${name}:${at.line}`,
      hint: 'The file is not valid YAML there: look at the indentation and the quotes.',
    });
  }
  const raw = (document.toJS({ maxAliasCount: 20 }) ?? {}) as unknown;
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new WeirError('config_invalid', `${name}:1: the settings must be a map of keys`, {
      place: `${name}:1`,
      hint: 'Start with a line such as "tenant: acme".',
    });
  }
  const fromEnvironment = applyEnvironment(raw as Record<string, unknown>, environment);
  const value = withDefaults(Settings, raw);
  const problems = validator.Check(value)
    ? [
        ...detectorProblems(value as Settings, document, lines, name),
        ...ownControlProblems(value as Settings, document, lines, name),
        ...routeProblems(value as Settings, document, lines, name),
        ...experienceProblems(value as Settings, document, lines, name),
        ...lifeCycleProblems(value as Settings, document, lines, name),
      ]
    : describeProblems(value, document, lines, name, fromEnvironment);
  if (problems.length === 0) return value as Settings;
  throw new WeirError('config_invalid', problems.map((p) => `${p.place}: ${p.message}${p.hint ? `\n    ${p.hint}` : ''}`).join('\n'), {
    place: problems[0]?.place ?? name,
    hint: 'All settings: docs/configuration.md, or `npx weir config --defaults`.',
  });
}

function readSettingsFile(file: string): string {
  if (!existsSync(file)) {
    throw new WeirError('config_unreadable', `${file}: no such file`, {
      place: file,
      hint: 'Give the path with --config FILE, or leave it out to use the defaults.',
    });
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WeirError('config_unreadable', `${file}: ${(error as Error).message}`, { place: file, cause: error });
  }
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;

/**
 * Sets what the environment names: WEIR_HTTP_PORT for http.port, WEIR_HTTP_MAX_BODY_BYTES for http.maxBodyBytes.
 * Returns the paths that were set, as JSON pointers.
 */
function applyEnvironment(raw: Record<string, unknown>, environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const set = new Map<string, string>();
  for (const { path, type, variable } of settingVariables()) {
    const text = environment[variable];
    if (text === undefined) continue;
    let target = raw;
    for (const part of path.slice(0, -1)) {
      if (typeof target[part] !== 'object' || target[part] === null) target[part] = {};
      target = target[part] as Record<string, unknown>;
    }
    target[path.at(-1) as string] = type === 'string' ? text : Number.isNaN(Number(text)) ? text : Number(text);
    set.set(`/${path.join('/')}`, variable);
  }
  return set;
}

interface ScalarPath {
  readonly path: readonly string[];
  readonly type: string;
}

/**
 * Every setting that the environment may set, with its variable: the path in capitals, words parted by _.
 * @example settingVariables()[0] // { path: ['tenant'], type: 'string', variable: 'WEIR_TENANT' }
 */
export function settingVariables(): readonly (ScalarPath & { readonly variable: string })[] {
  return scalarPaths(Settings, []).map(({ path, type }) => ({
    path,
    type,
    variable: `WEIR_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')}`,
  }));
}

function scalarPaths(schema: unknown, at: readonly string[]): ScalarPath[] {
  const node = schema as { type?: string; properties?: Record<string, unknown>; anyOf?: unknown[] };
  if (node.properties) return Object.entries(node.properties).flatMap(([key, child]) => scalarPaths(child, [...at, key]));
  if (node.anyOf) return at.length > 0 ? [{ path: at, type: 'string' }] : [];
  if (node.type === 'string' || node.type === 'integer' || node.type === 'number') return [{ path: at, type: node.type }];
  return [];
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly message: string;
}

/** What the schema cannot say of detectors: that a metric exists and has such dimensions, that a calendar does. */
function detectorProblems(settings: Settings, document: Document, lines: LineCounter, name: string): SettingProblem[] {
  const { definitions, problems } = seriesDefinitions(settings.detectors);
  const calendars = new Set(['home', ...Object.keys(settings.calendars)]);
  const lost = definitions
    .filter(({ calendar }) => !calendars.has(calendar))
    .map(({ identity, calendar }) => ({
      path: [identity, 'calendar'],
      message: `there is no calendar ${calendar}`,
      hint: `Calendars: ${[...calendars].join(', ')}.`,
    }));
  return [...problems, ...lost].map(({ path, message, hint }) => ({
    place: placeOf(document, lines, name, ['detectors', ...path]),
    message: `${dotted(['detectors', ...path])}: ${message}`,
    hint,
  }));
}

/** What the schema cannot say of teams and routes. */
function routeProblems(settings: Settings, document: Document, lines: LineCounter, name: string): SettingProblem[] {
  return routingProblems(settings).map(({ path, message, hint }) => ({
    place: placeOf(document, lines, name, ['incidents', ...path]),
    message: `${dotted(['incidents', ...path])}: ${message}`,
    hint,
  }));
}

/** What the schema cannot say of the experience index: that a KPI exists, and which way it is better. */
function experienceProblems({ experience }: Settings, document: Document, lines: LineCounter, name: string): SettingProblem[] {
  return experienceModel(experience).problems.map(({ path, message, hint }) => ({
    place: placeOf(document, lines, name, ['experience', ...path]),
    message: `${dotted(['experience', ...path])}: ${message}`,
    hint,
  }));
}

/** What the schema cannot say of words of the life cycle: that each means one thing. */
function lifeCycleProblems({ lifeCycle }: Settings, document: Document, lines: LineCounter, name: string): SettingProblem[] {
  return wordProblems(lifeCycle).map(({ path, message, hint }) => ({
    place: placeOf(document, lines, name, ['lifeCycle', ...path]),
    message: `${dotted(['lifeCycle', ...path])}: ${message}`,
    hint,
  }));
}

/** What the schema cannot say of controls of one's own. Their files are read here, once: what was checked is what runs. */
function ownControlProblems(settings: Settings, document: Document, lines: LineCounter, name: string): SettingProblem[] {
  const at = ({ path, message, hint }: OwnProblem): SettingProblem => ({
    place: placeOf(document, lines, name, ['controls', ...path]),
    message: `${dotted(['controls', ...path])}: ${message}`,
    hint,
  });
  const files: OwnProblem[] = [];
  for (const [control, own] of Object.entries(settings.controls)) {
    if (own.sqlFile === undefined) continue;
    const path = [control, 'sqlFile'];
    if (own.sql !== undefined) {
      files.push({ path, message: 'stands beside sql', hint: 'Give the query in one of them.' });
      continue;
    }
    const read = readSqlFile(own.sqlFile);
    if ('text' in read) own.sql = read.text;
    else files.push({ path, ...read });
  }
  const shipped = controls.map(({ identity }) => identity);
  return [...files, ...ownProblems(settings.controls, shipped)].map(at);
}

/** Largest file of a query, in bytes. */
const largestSql = 100_000;

function readSqlFile(file: string): { readonly text: string } | { readonly message: string; readonly hint: string } {
  const hint = 'A path as seen from where Weir is started; a file of at most 100 kB.';
  try {
    const facts = statSync(file);
    if (!facts.isFile() || facts.size > largestSql) return { message: `${file} is no file of at most 100 kB`, hint };
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { message: `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, hint };
  }
}

function describeProblems(
  value: unknown,
  document: Document,
  lines: LineCounter,
  name: string,
  fromEnvironment: Map<string, string>,
): SettingProblem[] {
  const errors = specificErrors(value);
  const seen = new Set<string>();
  const problems: SettingProblem[] = [];
  for (const error of errors) {
    for (const problem of explain(error, document, lines, name, fromEnvironment)) {
      const key = `${problem.place} ${problem.message}`;
      if (!seen.has(key)) problems.push(problem);
      seen.add(key);
    }
  }
  return problems.slice(0, 20);
}

/** A source or a target is one of several shapes: report against the shape that its `type` names, not against all. */
function specificErrors(value: unknown): SchemaError[] {
  const all = [...validator.Errors(value)] as unknown as SchemaError[];
  let left = all;
  const specific: SchemaError[] = [];
  for (const map of ['sources', 'targets'] as const) {
    const given = (value as Record<string, Record<string, { type?: string }> | undefined>)[map] ?? {};
    if (!all.some((error) => error.instancePath.startsWith(`/${map}/`)) || typeof given !== 'object') continue;
    left = left.filter((error) => error.instancePath !== `/${map}` && !error.instancePath.startsWith(`/${map}/`));
    specific.push(...shapeErrors(map, given));
  }
  const errors = [...left, ...specific];
  return errors.length > 0 ? errors : all;
}

/** What is wrong with the entries of a map of shapes. */
function shapeErrors(map: 'sources' | 'targets', given: Readonly<Record<string, { type?: string }>>): SchemaError[] {
  const { patternProperties } = Settings.properties[map] as unknown as { patternProperties: Record<string, { anyOf: unknown[] }> };
  const shapes = Object.values(patternProperties)[0]?.anyOf ?? [];
  const errors: SchemaError[] = [];
  for (const [name, entry] of Object.entries(given)) {
    const shape = shapes.find((candidate) => (candidate as { title?: string }).title === entry?.type);
    if (!shape) {
      errors.push({
        keyword: 'enum',
        instancePath: `/${map}/${name}/type`,
        params: { allowedValues: shapes.map((candidate) => (candidate as { title?: string }).title) },
        message: `must be one of the types of ${map}`,
      });
      continue;
    }
    const check = Compile(shape as ReturnType<typeof Type.Object>);
    for (const error of check.Errors(entry) as unknown as SchemaError[])
      errors.push({ ...error, instancePath: `/${map}/${name}${error.instancePath}` });
  }
  return errors;
}

function explain(
  error: SchemaError,
  document: Document,
  lines: LineCounter,
  name: string,
  fromEnvironment: Map<string, string>,
): SettingProblem[] {
  if (error.keyword === 'boolean') return [];
  const path = pointerParts(error.instancePath);
  if (error.keyword === 'additionalProperties') {
    const unknown = (error.params['additionalProperties'] as string[] | undefined) ?? [];
    return unknown.map((key) => {
      const near = nearest(key, knownKeys(path));
      return {
        place: placeOf(document, lines, name, [...path, key]),
        message: `${dotted([...path, key])}: no such setting`,
        hint: near ? `Did you mean "${near}"?` : `Known here: ${knownKeys(path).join(', ')}`,
      };
    });
  }
  const variable = fromEnvironment.get(error.instancePath);
  const place = variable ?? placeOf(document, lines, name, path);
  return [{ place, message: `${dotted(path) || 'settings'}: ${wording(error)}`, hint: descriptionOf(path) }];
}

function wording(error: SchemaError): string {
  if (error.keyword === 'required') return `${((error.params['requiredProperties'] as string[] | undefined) ?? []).join(', ')} is missing`;
  if (error.keyword === 'enum') return `must be one of ${((error.params['allowedValues'] as unknown[] | undefined) ?? []).join(', ')}`;
  return error.message;
}

const pointerParts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const dotted = (path: readonly string[]): string => path.join('.');

/** file:line of the deepest node on the path that the file has. */
function placeOf(document: Document, lines: LineCounter, name: string, path: readonly string[]): string {
  let node: unknown = document.contents;
  let offset: number | undefined;
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
  return offset === undefined ? name : `${name}:${lines.linePos(offset).line}`;
}

function schemaAt(path: readonly string[]): unknown[] {
  let nodes: unknown[] = [Settings];
  for (const part of path) {
    nodes = nodes
      .flatMap((node) => (node as { anyOf?: unknown[] }).anyOf ?? [node])
      .flatMap((node) => {
        const { properties, patternProperties, items } = node as {
          properties?: Record<string, unknown>;
          patternProperties?: Record<string, unknown>;
          items?: unknown;
        };
        const next = properties?.[part] ?? (patternProperties ? Object.values(patternProperties)[0] : items);
        return next === undefined ? [] : [next];
      });
  }
  return nodes.flatMap((node) => (node as { anyOf?: unknown[] }).anyOf ?? [node]);
}

function knownKeys(path: readonly string[]): string[] {
  return [...new Set(schemaAt(path).flatMap((node) => Object.keys((node as { properties?: object }).properties ?? {})))];
}

function descriptionOf(path: readonly string[]): string {
  return (schemaAt(path)[0] as { description?: string } | undefined)?.description ?? '';
}
