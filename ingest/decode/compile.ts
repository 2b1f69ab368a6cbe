/** Turns a mapping into setters, once per source. Every error names the setting. */
import type { ColumnType, Kind, RecordOf } from '../../core/column.ts';
import { kindNamed, kinds } from '../../core/kinds/index.ts';
import type { Condition, Constant, Mapping, Operand, SourceField } from '../../core/settings/mapping.ts';
import { type Conversion, converter, type Getter, type Value } from './convert.ts';
import { type FileNameTemplate, fileNameTemplate } from './file-name.ts';
import { maximumFields, Row } from './row.ts';
import { settingError } from './setting-error.ts';

export interface CompiledMapping {
  readonly kind: Kind;
  /** Source fields in slot order. */
  readonly sources: readonly SourceField[];
  /** Fills the record from the row; a failure is noted in the row. */
  readonly fill: (row: Row, record: RecordOf<Kind['columns']>) => void;
  /** The reason of the first filter that holds; empty = keep. */
  readonly filter: (row: Row) => string;
  readonly fileName: FileNameTemplate | undefined;
  newRow(fileName: string, facts?: (name: string) => string): Row;
}

/** What the compiler carries along. */
interface Scope {
  readonly mapping: Mapping;
  readonly kind: Kind;
  readonly path: string;
  readonly sources: SourceField[];
  readonly parts: readonly string[];
}

type Column = Mapping['columns'][string];
type From = Extract<Column, { from: SourceField }>;
type Computed = Exclude<Column, string | number>;

/**
 * @param path of the mapping in the settings, for messages
 * @param ofKind kind of rows that never leave the decoder (events that it assembles)
 * @throws WeirError `config_invalid`
 */
export function compileMapping(mapping: Mapping, path = 'mapping', ofKind?: Kind): CompiledMapping {
  const kind = ofKind ?? kindNamed(mapping.kind);
  if (!kind) throw settingError(`${path}.kind`, `"${mapping.kind}" is no record kind`, kinds.map(({ name }) => name).join(', '));
  const fileName = mapping.fileName === undefined ? undefined : fileNameTemplate(mapping.fileName);
  if (mapping.fileName !== undefined && !fileName)
    throw settingError(
      `${path}.fileName`,
      `"${mapping.fileName}" is not understood`,
      'Named parts in braces with text between them: CDR_{node}_{sequence}.csv',
    );
  const scope: Scope = { mapping, kind, path, sources: [], parts: fileName?.names ?? [] };
  const setters = columnGetters(scope);
  const filter = compileFilters(scope);
  const { sources } = scope;
  return {
    kind,
    sources,
    fill: link(setters, kind),
    filter,
    fileName,
    newRow(name, facts) {
      const row = new Row(sources.length);
      row.fileParts = fileName?.match(name) ?? new Map();
      if (facts) row.facts = facts;
      return row;
    },
  };
}

/** Straight-line code that runs each getter and stores its value: names are those of our own columns, nothing else enters the text. */
function link(setters: ReadonlyMap<string, Getter>, kind: Kind): CompiledMapping['fill'] {
  const names = [...setters.keys()];
  for (const name of names) if (!/^[a-z][a-z0-9_]*$/.test(name) || !Object.hasOwn(kind.columns, name)) throw new Error(`no column ${name}`);
  const offset = names.includes('start_time') && Object.hasOwn(kind.columns, 'utc_offset_minutes');
  const lines = names.map((name, i) => {
    // The offset that the start states holds where no column states another.
    if (name === 'utc_offset_minutes') return `r.${name}=g${i}(row)${offset ? '||r.utc_offset_minutes' : ''};`;
    return `r.${name}=g${i}(row);${offset && name === 'start_time' ? 'r.utc_offset_minutes=row.offsetMinutes;' : ''}`;
  });
  lines.sort((a, b) => Number(a.startsWith('r.utc_offset')) - Number(b.startsWith('r.utc_offset')));
  const make = new Function(...names.map((_, i) => `g${i}`), `return (row,r)=>{${lines.join('')}}`);
  return make(...setters.values()) as CompiledMapping['fill'];
}

function columnGetters(scope: Scope): Map<string, Getter> {
  const { mapping, path, kind } = scope;
  const getters = new Map<string, Getter>();
  for (const [name, constant] of Object.entries(mapping.constants ?? {})) {
    const at = `${path}.constants.${name}`;
    const value = constantOf(typeOf(kind, name, at), constant, at);
    getters.set(name, () => value);
  }
  for (const [name, column] of Object.entries(mapping.columns)) {
    const at = `${path}.columns.${name}`;
    getters.set(name, columnGetter(scope, name, typeOf(kind, name, at), column, at));
  }
  if (mapping.attributes) {
    const [labels] = Object.entries(kind.columns).find(([, { type }]) => type === 'labels') ?? [];
    if (labels === undefined) throw settingError(`${path}.attributes`, `records of the kind ${kind.name} have no attributes`);
    getters.set(labels, labelsGetter(scope, mapping.attributes, `${path}.attributes`) as unknown as Getter);
  }
  return getters;
}

function typeOf(kind: Kind, name: string, path: string): ColumnType {
  if (!Object.hasOwn(kind.columns, name))
    throw settingError(path, `the kind ${kind.name} has no column "${name}"`, `Columns: ${Object.keys(kind.columns).join(', ')}`);
  return kind.columns[name]!.type;
}

/** The slot of a source field, made on first use. */
function slotOf(scope: Scope, field: SourceField, path: string): number {
  if (typeof field === 'number' && scope.mapping.format === 'json') throw settingError(path, 'JSON fields have paths, not numbers');
  if (typeof field === 'string' && scope.mapping.format === 'csv' && !scope.mapping.header && !scope.mapping.names)
    throw settingError(path, `"${field}" is a name, but the mapping has no names`, 'Set header: true, or names, or use column numbers');
  if (typeof field === 'string' && scope.mapping.names && !scope.mapping.names.includes(field))
    throw settingError(path, `"${field}" is not among the names of the mapping`);
  const known = scope.sources.indexOf(field);
  if (known >= 0) return known;
  if (scope.sources.length >= maximumFields) throw settingError(path, `more than ${maximumFields} sources`);
  return scope.sources.push(field) - 1;
}

function conversionOf(scope: Scope, column: string, type: ColumnType, options: Partial<From>, path: string): Conversion {
  return {
    column,
    type,
    path,
    time: options.time ?? 'iso',
    timeZone: options.timeZone ?? scope.mapping.timeZone ?? 'UTC',
    unit: options.unit,
    unitSlot: options.unitFrom === undefined ? -1 : slotOf(scope, options.unitFrom, `${path}.unitFrom`),
    gigawordsSlot: options.gigawords === undefined ? -1 : slotOf(scope, options.gigawords, `${path}.gigawords`),
    mark: options.decimal === ',' ? 44 : 46,
    scale: options.scale ?? 0,
    times: options.times ?? 1,
  };
}

function columnGetter(scope: Scope, name: string, type: ColumnType, column: Column, path: string): Getter {
  if (typeof column !== 'object') return converter(slotOf(scope, column, path), conversionOf(scope, name, type, {}, path));
  if ('constant' in column) {
    const value = constantOf(type, column.constant, path);
    return () => value;
  }
  if ('difference' in column) return differenceGetter(scope, name, type, column, path);
  const getter = withValues(type, column, path, rawGetter(scope, name, type, column, path));
  if (!('required' in column) || !column.required) return getter.value;
  const { text } = getter;
  return (row) => {
    if (text(row) === '') row.fail('missing_field', name, 'is empty');
    return getter.value(row);
  };
}

interface Getters {
  readonly text: (row: Row) => string;
  readonly value: Getter;
}

function rawGetter(scope: Scope, name: string, type: ColumnType, column: Computed, path: string): Getters {
  if ('from' in column) {
    const slot = slotOf(scope, column.from, path);
    const conversion = conversionOf(scope, name, type, column, path);
    const text = partOf(slot, column);
    if (text === undefined) return { text: (row) => row.code(slot), value: converter(slot, conversion) };
    return { text, value: fromText(text, conversion) };
  }
  const plain = conversionOf(scope, name, type, {}, path);
  const text = computedText(scope, column, path);
  return { text, value: fromText(text, plain) };
}

function computedText(scope: Scope, column: Computed, path: string): (row: Row) => string {
  if ('join' in column) {
    const parts = column.join.map((part, i) => operandText(scope, part, `${path}.join.${i}`));
    return (row) => {
      let text = '';
      for (const part of parts) text += part(row);
      return text;
    };
  }
  if ('first' in column) {
    const parts = column.first.map((part, i) => operandText(scope, part, `${path}.first.${i}`));
    return (row) => {
      for (const part of parts) {
        const text = part(row);
        if (text !== '') return text;
      }
      return '';
    };
  }
  if ('when' in column) {
    const holds = compileCondition(scope, column.when, `${path}.when`);
    const use = branchText(scope, column.use, `${path}.use`);
    const otherwise = column.otherwise === undefined ? () => '' : branchText(scope, column.otherwise, `${path}.otherwise`);
    return (row) => (holds(row) ? use(row) : otherwise(row));
  }
  if ('fileName' in column) return operandText(scope, { fileName: column.fileName }, path);
  if ('message' in column) return operandText(scope, { message: column.message }, path);
  throw settingError(path, 'is not understood');
}

function branchText(scope: Scope, branch: Operand | { constant: Constant }, path: string): (row: Row) => string {
  if (typeof branch !== 'object' || !('constant' in branch)) return operandText(scope, branch, path);
  const text = String(branch.constant);
  return () => text;
}

function operandText(scope: Scope, operand: Operand, path: string): (row: Row) => string {
  if (typeof operand !== 'object') {
    const slot = slotOf(scope, operand, path);
    return (row) => row.text(slot);
  }
  if ('text' in operand) {
    const { text } = operand;
    return () => text;
  }
  if ('fileName' in operand) {
    const part = operand.fileName;
    if (!scope.parts.includes(part)) throw settingError(`${path}.fileName`, `"${part}" is not a part of the mapping's fileName`);
    return (row) => row.fileParts.get(part) ?? '';
  }
  if ('message' in operand) {
    const { message } = operand;
    return (row) => row.facts(message);
  }
  const slot = slotOf(scope, operand.from, path);
  return partOf(slot, operand) ?? ((row) => row.text(slot));
}

/** The part of a field that the options ask for; undefined = the whole field. */
function partOf(slot: number, { percent, beforeLast, start = 0, length }: Partial<From>): ((row: Row) => string) | undefined {
  if (!percent && beforeLast === undefined && start === 0 && length === undefined) return undefined;
  const end = length === undefined ? undefined : start + length;
  return (row) => {
    let text = percent ? decoded(row.text(slot)) : row.text(slot);
    const mark = beforeLast === undefined ? -1 : text.lastIndexOf(beforeLast);
    if (mark >= 0) text = text.slice(0, mark);
    return text.slice(start, end);
  };
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a computed text by way of the converter for bytes, so that both obey the same rules. */
function fromText(text: (row: Row) => string, conversion: Conversion): Getter {
  if (conversion.type === 'code' || conversion.type === 'text' || conversion.type === 'transient') return text;
  const scratch = new Row(1);
  const buffer = Buffer.alloc(1024);
  scratch.slots[0] = 0;
  const getter = converter(0, { ...conversion, unitSlot: -1, gigawordsSlot: -1 });
  return (row) => {
    const value = text(row);
    const length = value.length > 300 ? 0 : buffer.write(value, 0, 'utf8');
    scratch.begin(buffer, 0, length);
    scratch.starts[0] = 0;
    scratch.ends[0] = length;
    const result = getter(scratch);
    if (scratch.failure !== null && row.failure === null) row.failure = scratch.failure;
    if (value.length > 300) row.fail('impossible_value', conversion.column, 'a text of more than 300 characters');
    row.offsetMinutes = scratch.offsetMinutes;
    return result;
  };
}

function withValues(type: ColumnType, column: Computed, path: string, getters: Getters): Getters {
  if (!('values' in column) || column.values === undefined) return getters;
  const values = new Map<string, Value>();
  for (const [text, value] of Object.entries(column.values)) values.set(text, constantOf(type, value, `${path}.values.${text}`));
  const otherwise =
    column.otherwise === undefined || typeof column.otherwise === 'object'
      ? undefined
      : constantOf(type, column.otherwise, `${path}.otherwise`);
  const { text, value } = getters;
  return {
    text,
    value: (row) => {
      const found = values.get(text(row));
      if (found !== undefined) return found;
      return otherwise === undefined ? value(row) : otherwise;
    },
  };
}

/** Times are subtracted in seconds, numbers as they are. */
function differenceGetter(
  scope: Scope,
  name: string,
  type: ColumnType,
  column: Extract<Computed, { difference: unknown }>,
  path: string,
): Getter {
  const [left, right] = column.difference.map((operand, i) => {
    const at = `${path}.difference.${i}`;
    const options = typeof operand === 'object' ? operand : { from: operand };
    if (!('from' in options)) throw settingError(at, 'a difference is taken of two fields');
    const timed = options.time !== undefined;
    const conversion = conversionOf(scope, timed ? 'start_time' : name, timed ? 'instant' : 'float', options, at);
    return { timed, slot: slotOf(scope, options.from, at), get: converter(slotOf(scope, options.from, at), conversion) };
  });
  if (!left || !right || left.timed !== right.timed) throw settingError(path, 'a difference is taken of two times or of two numbers');
  if (type !== 'float' && type !== 'uint32' && type !== 'uint64' && type !== 'int32') throw settingError(path, `${name} is no number`);
  const perUnit = left.timed && !name.endsWith('_ms') ? 1000 : 1;
  const times = column.times ?? 1;
  return (row) => {
    if (row.code(left.slot) === '' || row.code(right.slot) === '') return 0;
    const value = (((left.get(row) as number) - (right.get(row) as number)) / perUnit) * times;
    if (value >= 0) return type === 'float' ? value : Math.round(value);
    row.fail(name.endsWith('_seconds') || left.timed ? 'negative_duration' : 'impossible_value', name, 'the difference is below zero');
    return 0;
  };
}

function labelsGetter(
  scope: Scope,
  attributes: Readonly<Record<string, SourceField>>,
  path: string,
): (row: Row) => [string, string][] | null {
  const entries = Object.entries(attributes).map(([name, field]) => [name, slotOf(scope, field, `${path}.${name}`)] as const);
  return (row) => {
    const labels: [string, string][] = [];
    for (const [name, slot] of entries) {
      const text = row.code(slot);
      if (text !== '') labels.push([name, text]);
    }
    return labels.length > 0 ? labels : null;
  };
}

function compileFilters(scope: Scope): (row: Row) => string {
  const filters = (scope.mapping.filters ?? []).map(({ when, reason }, i) => {
    const conditions = (Array.isArray(when) ? when : [when]).map((one) => compileCondition(scope, one, `${scope.path}.filters.${i}.when`));
    return { reason, conditions };
  });
  if (filters.length === 0) return () => '';
  return (row) => filters.find(({ conditions }) => conditions.every((holds) => holds(row)))?.reason ?? '';
}

function compileCondition(scope: Scope, condition: Condition, path: string): (row: Row) => boolean {
  const slot = slotOf(scope, condition.from, path);
  const { equals, startsWith, empty } = condition;
  if (equals === undefined && startsWith === undefined && empty === undefined)
    throw settingError(path, 'says neither equals nor startsWith nor empty');
  const wanted = equals === undefined ? undefined : new Set(typeof equals === 'string' ? [equals] : equals);
  const negate = condition.not ?? false;
  return (row) => {
    const text = row.code(slot);
    let holds = wanted === undefined || wanted.has(text);
    if (holds && startsWith !== undefined) holds = text.startsWith(startsWith);
    if (holds && empty !== undefined) holds = (text === '') === empty;
    return holds !== negate;
  };
}

/** A constant of the settings as the column holds it. */
function constantOf(type: ColumnType, constant: Constant, path: string): Value {
  if (type === 'flag') {
    if (typeof constant === 'boolean') return constant;
    throw settingError(path, 'is not true or false');
  }
  if (type === 'code' || type === 'text' || type === 'transient') return String(constant);
  const scratch = new Row(1);
  const bytes = Buffer.from(String(constant));
  scratch.slots[0] = 0;
  scratch.begin(bytes, 0, bytes.length);
  scratch.starts[0] = 0;
  scratch.ends[0] = bytes.length;
  const getter = converter(0, {
    column: '',
    type,
    path,
    time: 'iso',
    timeZone: 'UTC',
    unit: undefined,
    unitSlot: -1,
    gigawordsSlot: -1,
    mark: 46,
    scale: 0,
    times: 1,
  });
  const value = getter(scratch);
  if (scratch.failure) throw settingError(path, `"${constant}" ${scratch.failure.detail}`);
  return value;
}
