/**
 * The border between `ingest/decode` (bytes to records) and `app/pipeline` (records to rows).
 * A decoder fills the one record of its sink and says what became of each position; the sink says when to pause.
 */
import type { Columns, RecordOf } from './column.ts';
import type { Dropped, Rejected } from './outcome.ts';

/** Takes what a decoder finds. Every position is reported exactly once, in ascending order. */
export interface RecordSink<C extends Columns = Columns> {
  /** The record to fill. Reset by the sink after each `accept`. The decoder resets nothing but what it filled before a `reject`. */
  readonly record: RecordOf<C>;
  /**
   * The record stands complete at `position`; `bytes` from `start` to `end` are its original, kept only if a later step rejects it.
   * Returns false when the sink is full: the decoder returns from `read` at once, to be called again later.
   */
  accept(position: number, bytes: Uint8Array, start: number, end: number): boolean;
  /** The record at `position` cannot be read. Same return value as `accept`. */
  reject(position: number, bytes: Uint8Array, start: number, end: number, rejection: Rejected): boolean;
  /** The position holds no record of its own (header, comment, merged into another). Same return value as `accept`. */
  drop(position: number, reason: Dropped): boolean;
}

/** Turns bytes into records. Holds at most one partial record (bounded by `limits.recordBytes`) and its format's own state. */
export interface Decoder {
  /**
   * Reads `chunk` from `at` on and returns the offset behind the last byte consumed: `chunk.length`, or less when the sink
   * was full. The bytes of an unfinished last record are copied, so the chunk may be reused after the call that consumed it.
   */
  read(chunk: Uint8Array, at: number): number;
  /**
   * No more bytes follow: reports a last record without line end, or what is left half-read.
   * Returns false when the sink was full: call it again until it returns true.
   */
  end(): boolean;
  /** What the header, trailer or the records themselves declare of the whole: record count, totals. Read after `end`. */
  declared(): DeclaredTotals;
  /** The row that names the columns, as it stood in the bytes; empty where the format has none. Kept with rejects so that they can be read again. */
  header(): string;
}

/** Totals as a file's header, trailer or name states them. Undefined = not stated. */
export interface DeclaredTotals {
  readonly sequence?: number;
  readonly records?: number;
  readonly seconds?: number;
  readonly octets?: number;
  /** Micro-units. */
  readonly charge?: number;
  /** Records that the sender says it lost (lost-CDR indicator of 3GPP TS 32.297). */
  readonly lost?: number;
  /** Why the sender closed the file (3GPP TS 32.297): from 128 on abnormally. */
  readonly closureReason?: number;
  /** No event began before, or after; ms since 1970 UTC. */
  readonly earliest?: number;
  readonly latest?: number;
}
