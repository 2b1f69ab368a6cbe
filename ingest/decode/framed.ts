/**
 * Decoding of formats whose records are found first and read as a whole then: JSON values, lines, paragraphs.
 * Carries a record over chunk borders, bounds its length, and hands out several positions per record where the format has
 * several (metrics with many fields), pausing between any two.
 */
import type { DeclaredTotals, Decoder, RecordSink } from '../../core/decoder.ts';
import { type Dropped, type Rejected, rejected } from '../../core/outcome.ts';
import { defaultLimits, type OpenOptions } from './format.ts';

/** Finds where records begin and end. Keeps its state between calls, so no byte is looked at twice. */
export interface Boundary {
  /** Offset at which the record begun in this call begins; -1 = it began in an earlier call or has not begun. */
  begin: number;
  /** Whether a record has begun. */
  begun: boolean;
  /** Offset behind the record, once its end is found, else -1. The next call begins behind it. */
  find(bytes: Uint8Array, at: number, limit: number): number;
}

/** Reads one record of which all bytes are known. */
export interface RecordReader {
  /** Takes the record in and returns how many positions it has, or why it cannot be read. */
  begin(bytes: Buffer, start: number, end: number): number | Rejected;
  /** Fills the sink's record for one position. Returns null when it stands complete; fills nothing otherwise. */
  fill(index: number, record: object): Rejected | Dropped | null;
}

/** A decoder of framed records. */
export function framedDecoder(
  sink: RecordSink,
  boundary: Boundary,
  reader: RecordReader,
  reset: (record: object) => void,
  options: OpenOptions,
): Decoder {
  return new FramedDecoder(sink, boundary, reader, reset, options);
}

class FramedDecoder implements Decoder {
  readonly #sink: RecordSink;
  readonly #boundary: Boundary;
  readonly #reader: RecordReader;
  readonly #reset: (record: object) => void;
  readonly #recordBytes: number;
  #position: number;
  #pending: Buffer = Buffer.alloc(0);
  #held = 0;
  #tooLong = false;
  /** Positions of the current record still to be reported. */
  #count = 0;
  #index = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(sink: RecordSink, boundary: Boundary, reader: RecordReader, reset: (record: object) => void, options: OpenOptions) {
    this.#sink = sink;
    this.#boundary = boundary;
    this.#reader = reader;
    this.#reset = reset;
    this.#recordBytes = { ...defaultLimits, ...options.limits }.recordBytes;
    this.#position = (options.firstPosition ?? 1) - 1;
  }

  read(chunk: Uint8Array, from: number): number {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = from;
    if (!this.#report()) return at;
    while (at < bytes.length) {
      const end = this.#boundary.find(bytes, at, bytes.length);
      const begin = this.#boundary.begin >= 0 ? this.#boundary.begin : at;
      if (end < 0) {
        if (this.#boundary.begun) this.#hold(bytes, begin, bytes.length);
        return bytes.length;
      }
      at = end;
      if (!this.#record(bytes, begin, end)) return at;
    }
    return at;
  }

  end(): boolean {
    if (!this.#report()) return false;
    if (!this.#boundary.begun) return true;
    this.#boundary.begun = false;
    return this.#record(this.#pending, 0, 0);
  }

  declared(): DeclaredTotals {
    return {};
  }

  header(): string {
    return '';
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const room = this.#recordBytes - this.#held;
    const length = Math.min(end - start, room);
    if (end - start > room) this.#tooLong = true;
    if (this.#held + length > this.#pending.length) {
      const larger = Buffer.allocUnsafe(Math.max(4096, (this.#held + length) * 2));
      this.#pending.copy(larger, 0, 0, this.#held);
      this.#pending = larger;
    }
    bytes.copy(this.#pending, this.#held, start, start + length);
    this.#held += length;
  }

  /** Reads the record that ends at `end`; what began earlier is held already. False = the sink is full. */
  #record(bytes: Buffer, begin: number, end: number): boolean {
    let [source, start, stop] = [bytes, begin, end];
    if (this.#held > 0 || this.#tooLong) {
      this.#hold(bytes, begin, end);
      [source, start, stop] = [this.#pending, 0, this.#held];
      this.#held = 0;
    }
    const long = this.#tooLong || stop - start > this.#recordBytes;
    this.#tooLong = false;
    while (stop > start && source[stop - 1]! <= 32) stop--;
    if (long) {
      stop = Math.min(stop, start + this.#recordBytes);
      return this.#reject(source, start, stop, rejected('too_long', '', `longer than ${this.#recordBytes} bytes`));
    }
    const result = this.#reader.begin(source, start, stop);
    if (typeof result !== 'number') return this.#reject(source, start, stop, result);
    [this.#bytes, this.#start, this.#end] = [source, start, stop];
    this.#count = result;
    this.#index = 0;
    const open = this.#report();
    if (this.#index < this.#count) {
      // The caller may reuse its chunk before the rest is asked for.
      this.#bytes = Buffer.from(source.subarray(start, stop));
      [this.#start, this.#end] = [0, this.#bytes.length];
    }
    return open;
  }

  #reject(bytes: Buffer, start: number, end: number, rejection: Rejected): boolean {
    this.#position++;
    return this.#sink.reject(this.#position, bytes, start, end, rejection);
  }

  #report(): boolean {
    while (this.#index < this.#count) {
      const result = this.#reader.fill(this.#index++, this.#sink.record);
      this.#position++;
      let open: boolean;
      if (result === null) open = this.#sink.accept(this.#position, this.#bytes, this.#start, this.#end);
      else {
        this.#reset(this.#sink.record);
        if (result.kind === 'dropped') open = this.#sink.drop(this.#position, result);
        else open = this.#sink.reject(this.#position, this.#bytes, this.#start, this.#end, result);
      }
      if (!open) return false;
    }
    return true;
  }
}
