import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from './csv.ts';
import { decodeAll } from './sink-for-tests.ts';

const mapping: Mapping = {
  format: 'csv',
  kind: 'usage',
  header: true,
  timeZone: 'Europe/Berlin',
  constants: { leg: 'switch', service: 'voice' },
  columns: {
    subscriber_number: 'a',
    other_party_number: 'b',
    start_time: { from: 'start', time: 'iso' },
    duration_seconds: { from: 'dur', unit: 's' },
    answered: { from: 'result', values: { OK: true }, otherwise: false },
    session_id: 'note',
  },
};
const format = csvFormat(mapping);
const head = 'a,b,start,dur,result,note\n';
const good = '4930123,4930456,2026-01-02 03:04:05,61,OK,x\n';

const outcomes = (text: string | Uint8Array, options = {}) =>
  decodeAll(format, text, options).noted.map(({ position, outcome, reason }) => `${position} ${outcome}${reason && ` ${reason}`}`);

describe('rows', () => {
  it('fills the columns of a row', () => {
    const { noted } = decodeAll(format, head + good);
    expect(noted[0]).toMatchObject({ position: 1, outcome: 'dropped', reason: 'header' });
    expect(noted[1]).toMatchObject({
      position: 2,
      outcome: 'accepted',
      bytes: good.trimEnd(),
      record: {
        leg: 'switch',
        service: 'voice',
        subscriber_number: '4930123',
        other_party_number: '4930456',
        start_time: Date.UTC(2026, 0, 2, 2, 4, 5),
        utc_offset_minutes: 60,
        duration_seconds: 61,
        answered: true,
        session_id: 'x',
      },
    });
  });

  it('reads BOM, CRLF, quotes with delimiters, doubled quotes and line breaks, and a last row without line end', () => {
    const { noted } = decodeAll(
      format,
      `\uFEFF${head.trimEnd()}\r\n"1","2",2026-07-01T00:00:00Z,1,"OK","say ""a,b""\r\nthere"\r\n1,2,2026-07-01,2,no,`,
    );
    expect(noted[1]!.record).toMatchObject({ session_id: 'say "a,b"\r\nthere', answered: true, start_time: Date.UTC(2026, 6, 1) });
    expect(noted[1]!.record['utc_offset_minutes']).toBeUndefined();
    expect(noted[2]).toMatchObject({ position: 3, outcome: 'accepted', record: { utc_offset_minutes: 120, duration_seconds: 2 } });
  });

  it('names expected and found columns', () => {
    const { noted } = decodeAll(format, `${head}1,2,3\n${good}`);
    expect(noted[1]).toMatchObject({ outcome: 'rejected', reason: 'column_count', detail: 'expected 6 columns, found 3' });
    expect(noted[2]!.outcome).toBe('accepted');
  });

  it('rejects each kind of damage and reads on', () => {
    const rows = [
      '1,2,2026-02-30 00:00:00,1,OK,\n', // no such day
      '1,2,2026-01-01 25:00:00,1,OK,\n',
      '1,2,2026-01-01 00:00:00,one,OK,\n',
      '\n',
      '1,2,2026-01-01 00:00:00,1,OK,"x"y\n',
      '1,2,2026-01-01 00:00:00,1,OK,\0\n',
    ];
    expect(outcomes(head + rows.join('') + good)).toEqual([
      '1 dropped header',
      '2 rejected bad_time',
      '3 rejected bad_time',
      '4 rejected bad_number',
      '5 dropped blank',
      '6 rejected unreadable',
      '7 rejected unreadable',
      '8 accepted',
    ]);
  });

  it('tells UTF-8 from Latin-1', () => {
    const latin = Buffer.concat([Buffer.from(head), Buffer.from('1,2,2026-01-01,1,OK,Zür', 'latin1'), Buffer.from('\n')]);
    expect(outcomes(latin)).toEqual(['1 dropped header', '2 rejected bad_encoding']);
    const asLatin = decodeAll(csvFormat({ ...mapping, encoding: 'latin-1' }), latin).noted;
    expect(asLatin[1]!.record['session_id']).toBe('Zür');
    const utf8 = decodeAll(format, `${head}1,2,2026-01-01,1,OK,Zürich ☎\n`).noted;
    expect(utf8[1]!.record['session_id']).toBe('Zürich ☎');
  });

  it('rejects every row when the header lacks a mapped column', () => {
    const { noted } = decodeAll(format, `a,b,start,dur,result\n1,2,2026-01-01,1,OK\n`);
    expect(noted[1]).toMatchObject({ outcome: 'rejected', reason: 'missing_field', detail: 'the header has no column "note"' });
  });
});

describe('limits', () => {
  it('passes over a line that is too long in constant memory and reads on', () => {
    const text = `${head}${'9'.repeat(5000)}\n${good}`;
    for (const chunks of [[100_000], [7], [1000]])
      expect(outcomes(text, { chunks, limits: { recordBytes: 1000 } })).toEqual(['1 dropped header', '2 rejected too_long', '3 accepted']);
  });

  it('loses only the damaged line to an unbalanced quote', () => {
    const damaged = '"1,2,2026-01-01 00:00:00,1,OK,\n';
    expect(outcomes(head + damaged + good + good)).toEqual(['1 dropped header', '2 rejected unreadable', '3 accepted', '4 accepted']);
    const many = head + damaged + good.repeat(500);
    const seen = outcomes(many);
    expect(seen.slice(0, 3)).toEqual(['1 dropped header', '2 rejected unreadable', '3 accepted']);
    expect(seen.filter((line) => line.endsWith('accepted'))).toHaveLength(500);
    // A later quote closes it in the wrong place: the number of columns gives it away.
    const closed = `${head}${damaged}${good}1,"2",2026-01-01,1,OK,\n${good}`;
    expect(outcomes(closed)).toEqual(['1 dropped header', '2 rejected unreadable', '3 accepted', '4 accepted', '5 accepted']);
  });

  it('reports everything once when the sink is full after each position', () => {
    const text = head + good.repeat(20) + '"x\n'.repeat(5) + good;
    expect(outcomes(text, { capacity: 1, chunks: [13] })).toEqual(outcomes(text));
  });
});

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(',', '"', '\n', '\r\n', '\r', '""', '",', '\n"', ',"', 'a', '1', ' ', 'é', '\uFEFF') },
  { weight: 2, arbitrary: fc.constantFrom(good, '1,"x""y\nz",2026-01-01,5,OK,n\n', '"open,2,3\n') },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
);

describe('any bytes in any chunks', () => {
  it('come to the same as in one chunk, every position once and in order', () => {
    const small = csvFormat({ ...mapping, header: false, columns: { session_id: 1, subscriber_number: 2 } });
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(format, small),
        fc.boolean(),
        (pieces, chunks, capacity, form, latin) => {
          const bytes = Buffer.from(pieces.join(''), latin ? 'latin1' : 'utf8');
          const limits = { recordBytes: 60, quotedLines: 3 };
          const whole = decodeAll(form, bytes, { limits }).noted;
          expect(decodeAll(form, bytes, { limits, chunks, capacity }).noted).toEqual(whole);
          expect(whole.map(({ position }) => position)).toEqual(whole.map((_, i) => i + 1));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('give back what was written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'ß', ',', '"', '\n', '\r', ' ', '7'), maxLength: 8 });
    const form = csvFormat({ format: 'csv', kind: 'usage', columnCount: 3, columns: { session_id: 1, charging_id: 2, final_status: 3 } });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field, field), { maxLength: 10 }), fc.integer({ min: 1, max: 9 }), (rows, length) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const { noted } = decodeAll(form, text, { chunks: [length] });
        const read = noted.map(({ record }) => [record['session_id'] ?? '', record['charging_id'] ?? '', record['final_status'] ?? '']);
        expect(read).toEqual(rows);
      }),
    );
  });
});
