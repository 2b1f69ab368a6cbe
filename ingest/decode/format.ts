/** What a format is to the pipeline: the kind its records have, and a way to open a decoder for one unit (file, entry, request body). */
import type { Kind } from '../../core/column.ts';
import type { Decoder, RecordSink } from '../../core/decoder.ts';
import type { RecordReader } from './framed.ts';

/** Bounds that keep memory constant whatever the bytes are. */
export interface Limits {
  /** Longest record in bytes. Default 1 MiB. */
  readonly recordBytes: number;
  /** Most line breaks inside one quoted CSV record. Default 100; see docs/formats.md on unbalanced quotes. */
  readonly quotedLines: number;
  /** Deepest nesting of a JSON record. Default 64. */
  readonly depth: number;
  /** Most sessions held half-done by formats that assemble records from events. Default 100,000. */
  readonly openSessions: number;
}

export const defaultLimits: Limits = { recordBytes: 1 << 20, quotedLines: 100, depth: 64, openSessions: 100_000 };

export interface OpenOptions {
  /** Base name of the file (of the entry in an archive): named parts of it may fill columns or the sequence number. */
  readonly fileName?: string;
  /** Position of the first record. Default 1. */
  readonly firstPosition?: number;
  readonly limits?: Partial<Limits>;
  /** What is known of the unit beside its bytes, by name: key and headers of a message. Empty = not known. */
  readonly facts?: (name: string) => string;
}

/** A compiled format: made once per source, opened once per unit. */
export interface Format {
  readonly name: string;
  readonly kind: Kind;
  /** What one position is: `row`, `line`, `element`, `line and field`, … */
  readonly positionUnit: string;
  /** That no line holds more than one position: always, or (auto) when the first line begins with `{"`. Absent = not promised. */
  readonly lines?: 'always' | 'auto';
  open(sink: RecordSink, options?: OpenOptions): Decoder;
  /** Reads records of which each is known as a whole beforehand, where the format can: one message of a queue each. */
  reader?(options?: OpenOptions): RecordReader;
}
