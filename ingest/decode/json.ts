/**
 * JSON to records by a compiled mapping: one object per line, an array of objects, or objects one after another.
 *
 * A position is a value (an object, or whatever stands in its place), counted from 1; blank lines have none. In the lines
 * layout a damaged line costs that line; in an array, what is damaged lasts until its brackets balance.
 */
import type { Columns, RecordOf } from '../../core/column.ts';
import { type Dropped, dropped, type Rejected } from '../../core/outcome.ts';
import { resetter } from '../../core/record.ts';
import type { Mapping } from '../../core/settings/mapping.ts';
import { type CompiledMapping, compileMapping } from './compile.ts';
import { defaultLimits, type Format, type OpenOptions } from './format.ts';
import { framedDecoder, type RecordReader } from './framed.ts';
import { JsonBoundary } from './json-boundary.ts';
import { FlatScanner } from './json-flat.ts';
import { type JsonObject, pathOf, readObject, textOf, valueAt } from './json-value.ts';
import type { Row } from './row.ts';

/**
 * The format of a JSON mapping.
 * @param path of the mapping in the settings, for messages
 * @throws WeirError `config_invalid` naming the setting
 */
export function jsonFormat(mapping: Mapping, name = 'json', path = 'mapping'): Format {
  const compiled = compileMapping(mapping, path);
  const reset = resetter(compiled.kind) as (record: object) => void;
  return {
    name,
    kind: compiled.kind,
    positionUnit: 'value',
    ...(mapping.layout === 'whole' ? {} : { lines: mapping.layout === 'lines' ? ('always' as const) : ('auto' as const) }),
    open: (sink, options = {}) =>
      framedDecoder(sink, new JsonBoundary(mapping.layout ?? 'auto'), readerOf(compiled, options), reset, options),
    reader: (options = {}) => readerOf(compiled, options),
  };
}

function readerOf(compiled: CompiledMapping, options: OpenOptions): RecordReader {
  const { depth } = { ...defaultLimits, ...options.limits };
  return new MappedReader(compiled, compiled.newRow(options.fileName ?? '', options.facts), depth);
}

class MappedReader implements RecordReader {
  readonly #mapping: CompiledMapping;
  readonly #row: Row;
  readonly #depth: number;
  readonly #paths: readonly (readonly string[])[];
  readonly #texts: string[];
  readonly #flat: FlatScanner;
  #scratch = Buffer.alloc(4096);

  constructor(mapping: CompiledMapping, row: Row, depth: number) {
    this.#mapping = mapping;
    this.#row = row;
    this.#depth = depth;
    this.#paths = mapping.sources.map((source) => pathOf(String(source)));
    this.#texts = this.#paths.map(() => '');
    this.#flat = new FlatScanner(
      this.#paths.map((path) => (path.length === 1 ? path[0] : undefined)),
      row.starts,
      row.ends,
    );
    row.slots.forEach((_, slot) => {
      row.slots[slot] = slot;
    });
  }

  begin(bytes: Buffer, start: number, end: number): number | Rejected {
    if (this.#flat.scan(bytes, start, end)) {
      this.#row.texts = null;
      this.#row.begin(bytes, start, end);
      return 1;
    }
    const read = readObject(bytes, start, end, this.#depth);
    if (!('object' in read)) return read;
    this.#load(read.object);
    return 1;
  }

  fill(_: number, record: object): Rejected | Dropped | null {
    const filtered = this.#mapping.filter(this.#row);
    if (filtered !== '') return dropped(filtered);
    this.#mapping.fill(this.#row, record as RecordOf<Columns>);
    return this.#row.failure;
  }

  /** Lays the mapped values out as bytes too, since numbers and times are read from bytes. */
  #load(object: JsonObject): void {
    const row = this.#row;
    row.texts = this.#texts;
    let at = 0;
    for (const [slot, path] of this.#paths.entries()) {
      const text = textOf(valueAt(object, path));
      this.#texts[slot] = text;
      if (at + text.length * 3 > this.#scratch.length) {
        const larger = Buffer.allocUnsafe((at + text.length * 3) * 2);
        this.#scratch.copy(larger, 0, 0, at);
        this.#scratch = larger;
      }
      row.starts[slot] = at;
      at += writeText(this.#scratch, at, text);
      row.ends[slot] = at;
    }
    row.begin(this.#scratch, 0, at);
  }
}

function writeText(target: Buffer, at: number, text: string): number {
  if (text.length > 40) return target.write(text, at, 'utf8');
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return target.write(text, at, 'utf8');
    target[at + i] = code;
  }
  return text.length;
}
