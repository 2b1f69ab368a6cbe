import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordSink } from '../../core/decoder.ts';
import { newRecord, resetter } from '../../core/record.ts';
import type { Mapping } from '../../core/settings/mapping.ts';
import type { Format } from '../decode/format.ts';
import { formatOfMapping } from '../decode/index.ts';
import { createMessageReader, firstPosition, offsetOf } from './message-reader.ts';

const json: Mapping = { format: 'json', kind: 'usage', columns: { node: 'n', start_time: 't' } };
const csv: Mapping = { format: 'csv', kind: 'usage', names: ['n', 't'], columns: { node: 'n', start_time: 't' } };

interface Seen {
  readonly position: number;
  readonly what: string;
}

function read(format: Format, recordsPerMessage: number, values: readonly (Buffer | null)[], recordBytes = 1000): Seen[] {
  const reader = createMessageReader({ format, recordsPerMessage, limits: { recordBytes } });
  const record = newRecord(format.kind);
  const reset = resetter(format.kind);
  const seen: Seen[] = [];
  const note = (position: number, what: string): boolean => {
    seen.push({ position, what });
    reset(record);
    // A sink that is always full must be asked again and again, and lose nothing.
    return false;
  };
  const sink: RecordSink = {
    record,
    accept: (position) => note(position, String((record as { node?: string }).node)),
    reject: (position, _, __, ___, { reason }) => note(position, reason),
    drop: (position, { reason }) => note(position, reason),
  };
  values.forEach((value, offset) => {
    reader.read({ topic: 'topic', partition: 0, offset: offset + 7, value, size: value?.length ?? 0 }, sink);
  });
  return seen;
}

const bytes = (text: string): Buffer => Buffer.from(text);

describe('one record in a message', () => {
  it('has the offset as its position; what is none is rejected there', () => {
    const values = ['{"n":"a"}', '', ' \n', '{"n":', '{"n":"b"}{"n":"c"}', '[{"n":"d"}]', ' {"n":"e"}\n'].map(bytes);
    expect(read(formatOfMapping(json), 1, [...values, null, Buffer.alloc(1001, 32)])).toEqual([
      { position: 7, what: 'a' },
      { position: 8, what: 'unreadable' },
      { position: 9, what: 'unreadable' },
      { position: 10, what: 'unreadable' },
      { position: 11, what: 'unreadable' },
      { position: 12, what: 'unreadable' },
      { position: 13, what: 'e' },
      { position: 14, what: 'unreadable' },
      { position: 15, what: 'too_long' },
    ]);
  });
});

describe('many records in a message', () => {
  it('are numbered within it; one with too many is rejected whole', () => {
    const values = ['{"n":"a"}\n{"n":"b"}\n', '[{"n":"c"},{"n":"d"},{"n":"e"}]', '[{"n":"f"},{"n":"g"}]', '{"n":"h"}'].map(bytes);
    expect(read(formatOfMapping(json), 2, values)).toEqual([
      { position: 14, what: 'a' },
      { position: 15, what: 'b' },
      { position: 16, what: 'too_long' },
      { position: 18, what: 'f' },
      { position: 19, what: 'g' },
      { position: 20, what: 'h' },
    ]);
  });

  it('positions are whole numbers that lead back to the message', () => {
    expect(offsetOf(firstPosition(41, 1000) + 999, 1000)).toBe(41);
  });
});

describe('any bytes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{"n":"a"}',
      '{"n":"a"}\n',
      '[',
      ']',
      '{',
      '}',
      '"',
      ',',
      '\n',
      'a,2026-01-01T00:00:00Z\n',
      '"a\n',
      '\r\n',
      '1 ',
      '{\n',
    ),
    fc.string({ maxLength: 5 }),
  );
  const value = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => bytes(parts.join(''))),
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
    fc.constant(null),
  );
  it.each([
    ['JSON', json],
    ['CSV', csv],
    ['JSON as a whole', { ...json, layout: 'whole' as const }],
  ] as const)('%s: every message is at least one position, all its own, in order', (_, mapping) => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), fc.constantFrom(1, 2, 5), (values, per) => {
        const seen = read(formatOfMapping(mapping), per, values);
        const offsets = seen.map(({ position }) => offsetOf(position, per));
        expect([...new Set(offsets)]).toEqual(values.map((__, at) => at + 7));
        seen.forEach(({ position }, at) => {
          if (at > 0) expect(position).toBeGreaterThan(seen[at - 1]!.position);
        });
      }),
      { numRuns: 500 },
    );
  });
});
