/**
 * The fields of one source record as byte ranges of one buffer, reused for every record. Getters read from here, so that
 * CSV, JSON and line formats share one set of conversions that work on bytes.
 */
import { type Rejected, type RejectReason, rejected } from '../../core/outcome.ts';

/** Most fields of a record that are kept; a row with more is rejected. */
export const maximumFields = 1024;
/** Several times the distinct values of a busy switch's cells and trunks: values that share a slot push each other out. */
const internSlots = 16_384;
/** One for the process: what all sources say is mostly the same, and bounded. */
const interned: (string | undefined)[] = new Array<string | undefined>(internSlots).fill(undefined);
const internBytes = 32;
/** `toString('latin1')` without its dispatch on the encoding: Node has it on every Buffer, its types do not. */
const latin1 = (Buffer.prototype as unknown as { latin1Slice: (this: Buffer, start: number, end: number) => string }).latin1Slice;

export class Row {
  bytes: Buffer = Buffer.alloc(0);
  readonly starts = new Int32Array(maximumFields);
  readonly ends = new Int32Array(maximumFields);
  /** Fields found. */
  count = 0;
  /** Bit per field: the quoted field holds doubled quotes. */
  readonly escaped = new Uint8Array(maximumFields);
  /** Some field of this record is escaped. */
  anyEscaped = false;
  /** Latin-1 or pure ASCII: one byte per character. */
  single = true;
  /** Field index of each source of the mapping; -1 = absent in this file. */
  slots: Int32Array;
  /** The fields as texts, where the format has them already (JSON). */
  texts: string[] | null = null;
  failure: Rejected | null = null;
  /** Offset from UTC, in minutes, of the time read last. */
  offsetMinutes = 0;
  fileParts: ReadonlyMap<string, string> = new Map();
  /** What is known of the message that the record came in. */
  facts: (name: string) => string = () => '';
  #start = 0;
  #end = 0;
  #line: string | null = null;

  constructor(slots: number) {
    this.slots = new Int32Array(slots).fill(-1);
  }

  /** Begins a record that stands in `bytes` from `start` to `end`. */
  begin(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#line = null;
    this.failure = null;
  }

  /** Notes the first failure of the record. */
  fail(reason: RejectReason, field: string, detail: string): void {
    if (this.failure === null) this.failure = rejected(reason, field, detail);
  }

  /** The text of a field; empty where the source has none. */
  text(slot: number): string {
    const field = this.slots[slot]!;
    if (field < 0) return '';
    if (this.texts !== null) return this.texts[field]!;
    const start = this.starts[field]!;
    const end = this.ends[field]!;
    const length = end - start;
    if (length <= 0) return '';
    let value: string;
    // V8 copies substrings of up to 12 characters; longer ones would keep the whole line alive in caches.
    if (!this.single) value = this.bytes.toString('utf8', start, end);
    else if (length <= 12) value = this.#wholeLine().substring(start - this.#start, end - this.#start);
    else value = latin1.call(this.bytes, start, end);
    return this.anyEscaped && this.escaped[field] === 1 ? value.replaceAll('""', '"') : value;
  }

  /** As `text`, but the same string object for the same bytes: for columns with few distinct values. */
  code(slot: number): string {
    const field = this.slots[slot]!;
    if (field < 0) return '';
    if (this.texts !== null) return this.texts[field]!;
    const start = this.starts[field]!;
    const length = this.ends[field]! - start;
    if (length <= 0) return '';
    if (length > internBytes || !this.single || this.anyEscaped) return this.text(slot);
    const bytes = this.bytes;
    let hash = length;
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + bytes[start + i]!) | 0;
    const place = (hash ^ (hash >>> 12)) & (internSlots - 1);
    const known = interned[place];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) return known;
    }
    const value = latin1.call(bytes, start, start + length);
    interned[place] = value;
    return value;
  }

  #wholeLine(): string {
    const known = this.#line;
    if (known !== null) return known;
    const line = latin1.call(this.bytes, this.#start, this.#end);
    this.#line = line;
    return line;
  }
}
