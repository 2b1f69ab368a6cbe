/** A sink that writes down what it is told: for the tests of decoders. */
import type { Columns, Kind, RecordOf } from '../../core/column.ts';
import type { Decoder, RecordSink } from '../../core/decoder.ts';
import { newRecord, resetter } from '../../core/record.ts';
import type { Format, OpenOptions } from './format.ts';

export interface Noted {
  readonly position: number;
  readonly outcome: 'accepted' | 'rejected' | 'dropped';
  readonly reason: string;
  readonly field: string;
  readonly detail: string;
  /** The original bytes, as Latin-1. */
  readonly bytes: string;
  /** Columns that differ from a new record's. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** @param capacity the sink is full after every so many positions */
export function notingSink(kind: Kind, capacity = Number.POSITIVE_INFINITY): { sink: RecordSink; noted: Noted[] } {
  const record = newRecord(kind) as RecordOf<Columns> & Record<string, unknown>;
  const initial = { ...record };
  const reset = resetter(kind);
  const noted: Noted[] = [];
  const note = (entry: Partial<Noted> & { position: number; outcome: Noted['outcome'] }): boolean => {
    const leftover = entry.outcome === 'accepted' ? {} : changed(record, initial);
    if (Object.keys(leftover).length > 0) throw new Error(`the record was left filled at ${entry.position}`);
    noted.push({ reason: '', field: '', detail: '', bytes: '', record: {}, ...entry });
    return noted.length % capacity !== 0;
  };
  const text = (bytes: Uint8Array, start: number, end: number): string => Buffer.from(bytes.subarray(start, end)).toString('latin1');
  const sink: RecordSink = {
    record,
    accept(position, bytes, start, end) {
      const full = note({ position, outcome: 'accepted', bytes: text(bytes, start, end), record: changed(record, initial) });
      reset(record);
      return full;
    },
    reject: (position, bytes, start, end, { reason, field, detail }) =>
      note({ position, outcome: 'rejected', reason, field, detail, bytes: text(bytes, start, end) }),
    drop: (position, { reason }) => note({ position, outcome: 'dropped', reason }),
  };
  return { sink, noted };
}

function changed(record: Record<string, unknown>, initial: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => value !== initial[name]));
}

/** Decodes bytes in chunks of the given lengths (repeated), through a buffer that is overwritten after each chunk. */
export function decodeAll(
  format: Format,
  bytes: Uint8Array | string,
  options: OpenOptions & { chunks?: readonly number[]; capacity?: number } = {},
): { noted: Noted[]; decoder: Decoder } {
  const { chunks = [Number.POSITIVE_INFINITY], capacity, ...open } = options;
  const { sink, noted } = notingSink(format.kind, capacity);
  const decoder = format.open(sink, open);
  const all = Buffer.from(bytes as Uint8Array);
  for (let at = 0, turn = 0; at < all.length; turn++) {
    const length = Math.min(Math.max(1, chunks[turn % chunks.length]!), all.length - at);
    const chunk = Buffer.from(all.subarray(at, at + length));
    for (let read = 0; read < chunk.length; ) read = decoder.read(chunk, read);
    chunk.fill(0x22);
    at += length;
  }
  while (!decoder.end());
  return { noted, decoder };
}
