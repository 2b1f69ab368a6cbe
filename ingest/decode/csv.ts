/**
 * CSV: rows of a delimited text to records, by a compiled mapping.
 *
 * A position is a row, counted from 1; the header, comments and blank lines are rows too (dropped). Where no quoted field
 * holds a line break, the position is the line number.
 *
 * A quote that is never closed would swallow the rest of the file. Therefore a row that spans lines is taken as damaged when
 * text follows its closing quote, when its number of columns is wrong, when it has more than `quotedLines` line breaks or
 * more than `recordBytes` bytes, or when the file ends in it. Then its first line alone is rejected, and reading goes on at
 * the second one: what is lost is the damaged line, and only that.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Kind } from '../../core/column.ts';
import type { DeclaredTotals, Decoder, RecordSink } from '../../core/decoder.ts';
import { dropped, type Rejected, rejected } from '../../core/outcome.ts';
import { resetter } from '../../core/record.ts';
import type { Mapping, SourceField } from '../../core/settings/mapping.ts';
import { type CompiledMapping, compileMapping } from './compile.ts';
import { CsvScanner, found, long, more, stray } from './csv-scanner.ts';
import { defaultLimits, type Format, type OpenOptions } from './format.ts';
import { maximumFields, type Row } from './row.ts';
import { settingError } from './setting-error.ts';
import { type TotalsReader, totalsReader } from './totals.ts';

const blank = dropped('blank');
const header = dropped('header');
const trailer = dropped('trailer');
const comment = dropped('comment');
const bom = [0xef, 0xbb, 0xbf] as const;
const empty = Buffer.alloc(0);

/** What a mapping says about rows, in bytes. */
interface Dialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly latin1: boolean;
  readonly comment: Buffer;
  readonly header: boolean;
  readonly names: readonly string[] | undefined;
  readonly least: number;
  readonly most: number;
  readonly totals: TotalsReader;
  /** A header need not have every source of the mapping. */
  readonly lenient: boolean;
}

/**
 * The format of a CSV mapping.
 * @param path of the mapping in the settings, for messages
 * @param lenient a header need not have every source; otherwise each row is then rejected as `missing_field`
 * @throws WeirError `config_invalid` naming the setting
 */
export function csvFormat(mapping: Mapping, name = 'csv', path = 'mapping', lenient = false, ofKind?: Kind): Format {
  const compiled = compileMapping(mapping, path, ofKind);
  const dialect = dialectOf(mapping, compiled, path, lenient);
  const reset = resetter(compiled.kind) as (record: object) => void;
  return {
    name,
    kind: compiled.kind,
    positionUnit: 'row',
    lines: 'always',
    open: (sink, options = {}) => new CsvDecoder(sink, compiled, dialect, reset, options),
  };
}

function byteOf(text: string, path: string): number {
  const byte = text.charCodeAt(0);
  if (byte > 126 || byte === 10 || byte === 13 || byte === 0) throw settingError(path, 'is not one ASCII character');
  return byte;
}

function dialectOf(mapping: Mapping, compiled: CompiledMapping, path: string, lenient: boolean): Dialect {
  const quote = mapping.quote ?? '"';
  const delimiter = byteOf(mapping.delimiter ?? ',', `${path}.delimiter`);
  const quoteByte = quote === '' ? -1 : byteOf(quote, `${path}.quote`);
  if (quoteByte === delimiter) throw settingError(`${path}.quote`, 'is the delimiter');
  if (mapping.header && mapping.names) throw settingError(`${path}.names`, 'stands beside header: true', 'Give one of the two');
  const numbers = compiled.sources.filter((source) => typeof source === 'number');
  let [least, most] = [Math.max(1, ...numbers), maximumFields];
  if (mapping.names) [least, most] = [mapping.names.length, mapping.names.length];
  if (typeof mapping.columnCount === 'number') [least, most] = [mapping.columnCount, mapping.columnCount];
  else if (mapping.columnCount) [least, most] = mapping.columnCount;
  if (least > most) throw settingError(`${path}.columnCount`, 'least is more than most');
  return {
    delimiter,
    quote: quoteByte,
    latin1: mapping.encoding === 'latin-1',
    comment: Buffer.from(mapping.comment ?? ''),
    header: mapping.header ?? false,
    names: mapping.names,
    least,
    most,
    totals: totalsReader(mapping, path),
    lenient,
  };
}

class CsvDecoder implements Decoder {
  readonly #sink: RecordSink;
  readonly #mapping: CompiledMapping;
  readonly #dialect: Dialect;
  readonly #reset: (record: object) => void;
  readonly #row: Row;
  readonly #scanner: CsvScanner;
  readonly #recordBytes: number;
  readonly #totals: Record<string, number> = {};
  /** Rows of the file that stand before the column names or the first record. */
  #headerRows: number;
  #header = '';
  #awaitsNames: boolean;
  #least: number;
  #most: number;
  #position: number;
  #absent: Rejected | undefined;
  /** Fields that the mapping reads, the last of them plus one. */
  #widest = 0;
  #bomSeen = 0;
  #pending = empty;
  #pendingStart = 0;
  #pendingEnd = 0;
  /** The rest of a line too long is passed over. */
  #skipping = false;
  /** The scanner stands within the pending row. */
  #resumes = false;
  /** Where the row behind the one settled last begins. */
  #next = 0;
  #lastChunk: Uint8Array | undefined;
  #lastAt = -1;
  #clean = false;

  constructor(sink: RecordSink, mapping: CompiledMapping, dialect: Dialect, reset: (record: object) => void, options: OpenOptions) {
    const limits = { ...defaultLimits, ...options.limits };
    this.#sink = sink;
    this.#mapping = mapping;
    this.#dialect = dialect;
    this.#reset = reset;
    this.#row = mapping.newRow(options.fileName ?? '', options.facts);
    this.#scanner = new CsvScanner(this.#row, dialect.delimiter, dialect.quote, limits.recordBytes, limits.quotedLines);
    this.#recordBytes = limits.recordBytes;
    this.#position = (options.firstPosition ?? 1) - 1;
    this.#headerRows = dialect.totals.headerRows;
    this.#awaitsNames = dialect.header;
    this.#least = dialect.least;
    this.#most = dialect.most;
    if (!dialect.header) this.#place(dialect.names ?? []);
    const sequence = this.#row.fileParts.get('sequence');
    if (sequence !== undefined) this.#totals['sequence'] = Number(sequence);
  }

  read(chunk: Uint8Array, from: number): number {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = this.#bomSeen < 3 ? this.#passBom(bytes, from) : from;
    if (chunk !== this.#lastChunk || from !== this.#lastAt) this.#clean = isAscii(bytes) && bytes.indexOf(0) < 0;
    this.#lastChunk = chunk;
    while (at < bytes.length || this.#pendingStart < this.#pendingEnd) {
      if (this.#pendingStart < this.#pendingEnd) {
        const open = this.#readPending();
        if (!open) break;
        if (this.#pendingStart === this.#pendingEnd) continue;
        if (at === bytes.length) break;
        at = this.#extend(bytes, at);
        continue;
      }
      if (this.#skipping) {
        const end = bytes.indexOf(10, at);
        at = end < 0 ? bytes.length : end + 1;
        this.#skipping = end < 0;
        continue;
      }
      const next = this.#rows(bytes, at, bytes.length, this.#clean);
      if (next < 0) {
        at = -next - 1;
        break;
      }
      if (next < bytes.length) this.#keep(bytes, next);
      at = bytes.length;
    }
    this.#lastAt = at;
    return at;
  }

  end(): boolean {
    if (this.#bomSeen > 0 && this.#bomSeen < 3) this.#keepBom();
    while (this.#pendingStart < this.#pendingEnd) {
      if (!this.#readPending()) return false;
      if (this.#pendingStart === this.#pendingEnd) break;
      const start = this.#pendingStart;
      const state = this.#scanner.finish(this.#pending, this.#pendingEnd);
      const open = this.#settle(this.#pending, start, this.#pendingEnd, state, false);
      this.#pendingStart = this.#next;
      if (!open) return false;
    }
    return true;
  }

  declared(): DeclaredTotals {
    return this.#totals;
  }

  header(): string {
    return this.#header;
  }

  /** A byte-order mark at the very beginning is passed over, wherever chunks divide it. */
  #passBom(bytes: Buffer, from: number): number {
    let at = from;
    while (this.#bomSeen < 3 && at < bytes.length) {
      if (bytes[at] !== bom[this.#bomSeen]) {
        if (this.#bomSeen > 0) this.#keepBom();
        this.#bomSeen = 3;
        return at;
      }
      at++;
      this.#bomSeen++;
    }
    return at;
  }

  /** What looked like a byte-order mark was none: it belongs to the first record. */
  #keepBom(): void {
    this.#keepBytes(Buffer.from(bom.slice(0, this.#bomSeen)), 0);
    this.#bomSeen = 3;
    this.#scanner.begin(0);
  }

  /** The record that ends in no byte of `bytes` is copied. */
  #keep(bytes: Buffer, start: number): void {
    this.#keepBytes(bytes, start);
    this.#scanner.move(-start);
  }

  #keepBytes(bytes: Buffer, start: number): void {
    const length = bytes.length - start;
    if (this.#pending.length < length) this.#pending = Buffer.allocUnsafe(Math.max(4096, length * 2));
    bytes.copy(this.#pending, 0, start);
    this.#pendingStart = 0;
    this.#pendingEnd = length;
  }

  /** Adds bytes up to the next line end to what is pending. */
  #extend(bytes: Buffer, at: number): number {
    const lineEnd = bytes.indexOf(10, at);
    const room = this.#recordBytes + 2 - (this.#pendingEnd - this.#pendingStart);
    const stop = Math.min(lineEnd < 0 ? bytes.length : lineEnd + 1, at + Math.max(1, room));
    const length = stop - at;
    if (this.#pendingEnd + length > this.#pending.length) {
      const held = this.#pendingEnd - this.#pendingStart;
      const target = held + length > this.#pending.length ? Buffer.allocUnsafe((held + length) * 2) : this.#pending;
      this.#pending.copy(target, 0, this.#pendingStart, this.#pendingEnd);
      this.#pending = target;
      this.#scanner.move(-this.#pendingStart);
      this.#pendingStart = 0;
      this.#pendingEnd = held;
    }
    bytes.copy(this.#pending, this.#pendingEnd, at, stop);
    this.#pendingEnd += length;
    return stop;
  }

  /** Reads the rows that are complete in the pending bytes. False = the sink is full. */
  #readPending(): boolean {
    const next = this.#rows(this.#pending, this.#pendingStart, this.#pendingEnd, false);
    this.#pendingStart = next < 0 ? -next - 1 : next;
    return next >= 0;
  }

  /**
   * Reads complete rows from `start` on, going on with a row half scanned. Returns where the first unread row begins, as
   * -1 - offset when the sink is full.
   */
  #rows(bytes: Buffer, from: number, limit: number, clean: boolean): number {
    let start = from;
    const scanner = this.#scanner;
    while (start < limit) {
      if (bytes !== this.#pending || !this.#resumes) scanner.begin(start);
      this.#resumes = false;
      const state = scanner.scan(bytes, start, limit);
      if (state === more) {
        this.#resumes = true;
        return start;
      }
      const open = this.#settle(bytes, start, limit, state, clean);
      start = this.#next;
      if (!open) return -start - 1;
    }
    return start;
  }

  /** Reports the row that the scanner has come to the end of. Sets where the next one begins. */
  #settle(bytes: Buffer, start: number, limit: number, state: number, clean: boolean): boolean {
    const { firstLine, next, end } = this.#scanner;
    this.#resumes = false;
    if (state === found) {
      const { count } = this.#row;
      const wrong = count < this.#least || count > this.#most;
      if (firstLine > 0 && wrong) return this.#unbalanced(bytes, start, firstLine);
      this.#next = next;
      return this.#take(bytes, start, end, clean);
    }
    if (state === stray) {
      this.#next = next;
      return this.#reject(bytes, start, end, rejected('unreadable', '', 'text behind a closing quote'));
    }
    if (firstLine > 0) return this.#unbalanced(bytes, start, firstLine);
    if (state === long) {
      const lineEnd = bytes.indexOf(10, start + this.#recordBytes);
      this.#skipping = lineEnd < 0 || lineEnd >= limit;
      this.#next = this.#skipping ? limit : lineEnd + 1;
      return this.#reject(bytes, start, start + this.#recordBytes, rejected('too_long', '', `longer than ${this.#recordBytes} bytes`));
    }
    this.#next = limit;
    return this.#reject(bytes, start, end, rejected('unreadable', '', 'a quote is not closed'));
  }

  #unbalanced(bytes: Buffer, start: number, firstLine: number): boolean {
    this.#next = firstLine;
    const end = firstLine - 2 >= start && bytes[firstLine - 2] === 13 ? firstLine - 2 : firstLine - 1;
    return this.#reject(bytes, start, end, rejected('unreadable', '', 'a quote is not closed on its line, and what follows does not fit'));
  }

  #reject(bytes: Buffer, start: number, end: number, rejection: Rejected): boolean {
    this.#position++;
    return this.#sink.reject(this.#position, bytes, start, end, rejection);
  }

  #take(bytes: Buffer, start: number, end: number, clean: boolean): boolean {
    if (start === end) {
      this.#position++;
      return this.#sink.drop(this.#position, blank);
    }
    return this.#record(bytes, start, end, clean);
  }

  #record(bytes: Buffer, start: number, end: number, clean: boolean): boolean {
    const row = this.#row;
    row.begin(bytes, start, end);
    row.single = clean || this.#dialect.latin1;
    if (!clean) {
      const fault = this.#textFault(bytes, start, end);
      if (fault) return this.#reject(bytes, start, end, fault);
    }
    if (this.#special) {
      const reason = this.#specialRow(bytes, start, end);
      if (reason) {
        this.#position++;
        return this.#sink.drop(this.#position, reason);
      }
    }
    const { count } = row;
    if (count < this.#least || count > this.#most) return this.#reject(bytes, start, end, this.#columnCount(count));
    for (let field = count; field < this.#most && field < this.#widest; field++) {
      row.starts[field] = 0;
      row.ends[field] = 0;
    }
    if (this.#absent) return this.#reject(bytes, start, end, this.#absent);
    const filtered = this.#mapping.filter(row);
    this.#position++;
    if (filtered !== '') return this.#sink.drop(this.#position, dropped(filtered));
    const { record } = this.#sink;
    this.#mapping.fill(row, record);
    const { failure } = row;
    if (failure === null) return this.#sink.accept(this.#position, bytes, start, end);
    this.#reset(record);
    return this.#sink.reject(this.#position, bytes, start, end, failure);
  }

  #columnCount(count: number): Rejected {
    const expected =
      this.#least === this.#most
        ? `${this.#least}`
        : this.#most >= maximumFields
          ? `at least ${this.#least}`
          : `${this.#least} to ${this.#most}`;
    return rejected('column_count', '', `expected ${expected} columns, found ${count}`);
  }

  /** NUL bytes mean binary data; in UTF-8 every sequence must be whole. */
  #textFault(bytes: Buffer, start: number, end: number): Rejected | undefined {
    const part = bytes.subarray(start, end);
    if (part.indexOf(0) >= 0) return rejected('unreadable', '', 'holds NUL bytes: binary data?');
    if (this.#dialect.latin1) return undefined;
    if (isAscii(part)) {
      this.#row.single = true;
      return undefined;
    }
    return isUtf8(part) ? undefined : rejected('bad_encoding', '', 'not UTF-8; set encoding: latin-1 if that is what it is');
  }

  get #special(): boolean {
    return this.#headerRows > 0 || this.#awaitsNames || this.#dialect.totals.active || this.#dialect.comment.length > 0;
  }

  /** Header, names, comment or trailer: the reason for which the row is dropped, undefined for a record. */
  #specialRow(bytes: Buffer, start: number, end: number): typeof header | undefined {
    const { totals, comment: mark } = this.#dialect;
    if (mark.length > 0 && startsWith(bytes, start, end, mark)) return comment;
    if (this.#headerRows > 0) {
      this.#headerRows--;
      totals.readHeader(this.#row, this.#totals);
      return header;
    }
    if (totals.isHeader(bytes, start, end)) {
      totals.readHeader(this.#row, this.#totals);
      return header;
    }
    if (totals.isTrailer(bytes, start, end)) {
      totals.readTrailer(this.#row, this.#totals);
      return trailer;
    }
    if (!this.#awaitsNames) return undefined;
    this.#awaitsNames = false;
    this.#header = bytes.toString('utf8', start, end);
    const names = Array.from({ length: Math.min(this.#row.count, maximumFields) }, (_, i) => this.#fieldText(i));
    this.#place(names);
    if (this.#most === maximumFields) [this.#least, this.#most] = [names.length, names.length];
    return header;
  }

  #fieldText(field: number): string {
    const { slots } = this.#row;
    const kept = slots[0];
    if (slots.length === 0 || kept === undefined) return '';
    slots[0] = field;
    const text = this.#row.text(0).trim();
    slots[0] = kept;
    return text;
  }

  /** Finds the sources of the mapping among the columns of this file. */
  #place(names: readonly string[]): void {
    this.#mapping.sources.forEach((source: SourceField, slot) => {
      this.#row.slots[slot] = typeof source === 'number' ? source - 1 : names.indexOf(source);
    });
    this.#widest = Math.max(0, ...this.#row.slots) + 1;
    const absent = this.#mapping.sources.find((_, slot) => this.#row.slots[slot]! < 0);
    if (absent !== undefined && !this.#dialect.lenient)
      this.#absent = rejected('missing_field', '', `the header has no column "${absent}"`);
  }
}

function startsWith(bytes: Buffer, start: number, end: number, prefix: Buffer): boolean {
  return end - start >= prefix.length && bytes.compare(prefix, 0, prefix.length, start, start + prefix.length) === 0;
}
