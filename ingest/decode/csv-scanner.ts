/**
 * Finds the fields of one CSV record as byte offsets. Resumable: when the bytes end within a record, `scan` is called again
 * with more behind them, and goes on where it stopped, so that no byte is looked at twice.
 */
import { maximumFields, type Row } from './row.ts';

const lf = 10;
const cr = 13;

/** What a scan came to. */
export const found = 0;
/** The bytes end within the record. */
export const more = 1;
/** The record is longer than the limit. */
export const long = 2;
/** Text stands behind a closing quote; the record ends at the line's end. */
export const stray = 3;
/** A quoted field has more line breaks than allowed, or stray text follows one: its opening quote is taken as unbalanced. */
export const unbalanced = 4;

const atField = 0;
const inPlain = 1;
const inQuotes = 2;
const atQuote = 3;
const inStray = 4;

export class CsvScanner {
  /** Offset behind the record's line end, once found. */
  next = 0;
  /** Offset behind the record's last byte, without line end. */
  end = 0;
  /** Offset behind the first line break inside quotes; 0 = none. */
  firstLine = 0;
  #at = 0;
  #state = atField;
  #field = 0;
  #lines = 0;
  readonly #row: Row;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #recordBytes: number;
  readonly #quotedLines: number;

  /** @param quote byte of the quote, -1 = fields are never quoted */
  constructor(row: Row, delimiter: number, quote: number, recordBytes: number, quotedLines: number) {
    this.#row = row;
    this.#delimiter = delimiter;
    this.#quote = quote;
    this.#recordBytes = recordBytes;
    this.#quotedLines = quotedLines;
  }

  /** Begins a record at `start`. */
  begin(start: number): void {
    this.#at = start;
    this.#field = start;
    this.#state = atField;
    this.#lines = 0;
    this.firstLine = 0;
    this.#row.count = 0;
    if (this.#row.anyEscaped) {
      this.#row.escaped.fill(0);
      this.#row.anyEscaped = false;
    }
  }

  /** The record's bytes have moved by `distance`. */
  move(distance: number): void {
    this.#at += distance;
    this.#field += distance;
    if (this.firstLine > 0) this.firstLine += distance;
    const { starts, ends, count } = this.#row;
    for (let i = 0; i < count && i < maximumFields; i++) {
      starts[i]! += distance;
      ends[i]! += distance;
    }
  }

  /** Scans on up to `limit`, in the record that began at `start`. */
  scan(bytes: Uint8Array, start: number, limit: number): number {
    const row = this.#row;
    const { starts, ends } = row;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const furthest = start + this.#recordBytes + 2;
    const stop = Math.min(limit, furthest);
    let at = this.#at;
    let state = this.#state;
    let field = this.#field;
    let count = row.count;
    while (at < stop) {
      if (state === atField) {
        field = at;
        if (bytes[at] === quote) {
          state = inQuotes;
          at++;
          field = at;
          continue;
        }
        state = inPlain;
      }
      if (state === inPlain) {
        let byte = bytes[at]!;
        while (byte !== delimiter && byte !== lf) {
          at++;
          if (at === stop) break;
          byte = bytes[at]!;
        }
        if (at === stop) break;
        if (count < maximumFields) {
          starts[count] = field;
          ends[count] = byte === lf && at > field && bytes[at - 1] === cr ? at - 1 : at;
        }
        count++;
        at++;
        if (byte === lf) {
          row.count = count;
          return this.#complete(bytes, start, at);
        }
        state = atField;
      } else if (state === inQuotes) {
        const byte = bytes[at++]!;
        if (byte === quote) state = atQuote;
        else if (byte === lf) {
          if (this.firstLine === 0) this.firstLine = at;
          if (++this.#lines > this.#quotedLines) return unbalanced;
        }
      } else if (state === atQuote) {
        const byte = bytes[at]!;
        if (byte === quote) {
          if (count < maximumFields) row.escaped[count] = 1;
          row.anyEscaped = true;
          state = inQuotes;
          at++;
        } else if (byte === delimiter || byte === lf || byte === cr) {
          if (byte === cr) {
            if (at + 1 >= stop) break;
            if (bytes[at + 1] !== lf) {
              state = inStray;
              continue;
            }
          }
          if (count < maximumFields) {
            starts[count] = field;
            ends[count] = this.#closing(at);
          }
          count++;
          if (byte === cr) at++;
          at++;
          if (byte !== delimiter) {
            row.count = count;
            return this.#complete(bytes, start, at);
          }
          state = atField;
        } else state = inStray;
      } else {
        if (this.firstLine > 0) return unbalanced;
        if (bytes[at++] === lf) {
          this.#complete(bytes, start, at);
          return stray;
        }
      }
    }
    this.#at = at;
    this.#state = state;
    this.#field = field;
    row.count = count;
    return at >= furthest ? long : more;
  }

  /** No more bytes: closes the record at `limit`, as if a line end followed. */
  finish(bytes: Uint8Array, limit: number): number {
    const { starts, ends } = this.#row;
    const { count } = this.#row;
    this.next = limit;
    this.end = limit > 0 && bytes[limit - 1] === cr ? limit - 1 : limit;
    if (this.#state === inQuotes) return unbalanced;
    if (this.#state === inStray) return this.firstLine > 0 ? unbalanced : stray;
    if (count < maximumFields) {
      starts[count] = this.#state === atField ? limit : this.#field;
      ends[count] = this.#state === atQuote ? this.#closing(this.end) : Math.max(this.end, starts[count]!);
    }
    this.#row.count = count + 1;
    return found;
  }

  /** The end of a quoted field whose closing quote stands before `at`. */
  #closing(at: number): number {
    return at - 1;
  }

  #complete(bytes: Uint8Array, start: number, at: number): number {
    this.next = at;
    this.end = at - 1 > start && bytes[at - 2] === cr ? at - 2 : at - 1;
    return this.end - start > this.#recordBytes ? long : found;
  }
}
