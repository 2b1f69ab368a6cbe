import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../core/settings/mapping.ts';
import { jsonFormat } from './json.ts';
import { decodeAll } from './sink-for-tests.ts';

const mapping: Mapping = {
  format: 'json',
  kind: 'usage',
  columns: {
    session_id: { from: 'id', required: true },
    start_time: { from: 'times.start', time: 'epoch' },
    octets_up: { from: 'up', unit: 'kB' },
    answered: 'ok',
    final_status: 'state',
    charge: 'charge',
  },
};
const format = jsonFormat(mapping);
const seen = (text: string, options = {}) =>
  decodeAll(format, text, options).noted.map(({ position, outcome, reason }) => `${position} ${outcome}${reason && ` ${reason}`}`);

describe('JSON values', () => {
  it('are read by path, with exact long integers and the last of two equal names', () => {
    const { noted } = decodeAll(
      format,
      '{"id":12345678901234567890,"times":{"start":1700000000.5},"up":1.5,"ok":true,"state":"a","state":"ü","charge":0.1}\n',
    );
    expect(noted[0]!.record).toEqual({
      session_id: '12345678901234567890',
      start_time: 1_700_000_000_500,
      octets_up: 1500,
      answered: true,
      final_status: 'ü',
      charge: 100_000,
    });
  });

  it('stand one per line, in an array, or pretty-printed', () => {
    const one = '{"id":"a"}';
    const pretty = JSON.stringify({ id: 'a', times: { start: 1 } }, null, 2);
    expect(seen(`${one}\n\n${one}\r\n${one}`)).toEqual(['1 accepted', '2 accepted', '3 accepted']);
    expect(seen(`\uFEFF [${one}, ${one}\n,${one}]`)).toEqual(['1 accepted', '2 accepted', '3 accepted']);
    expect(seen(`${pretty}\n${pretty}`)).toEqual(['1 accepted', '2 accepted']);
    expect(seen('')).toEqual([]);
  });

  it('cost one line each when damaged', () => {
    expect(seen('{"id":"a"}\n{"id":\n[1]\n"x"\n{}\n{"id":"b","up":-1}\n{"id":"c"}')).toEqual([
      '1 accepted',
      '2 rejected unreadable',
      '3 rejected unreadable',
      '4 rejected unreadable',
      '5 rejected missing_field',
      '6 rejected negative_volume',
      '7 accepted',
    ]);
  });

  it('may not be too deep or too long', () => {
    const deep = `{"id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(seen(`${deep}\n{"id":"a"}`)).toEqual(['1 rejected too_deep', '2 accepted']);
    expect(seen(`[${deep},{"id":"a"}]`)).toEqual(['1 rejected too_deep', '2 accepted']);
    const long = `{"id":"${'x'.repeat(5000)}"}`;
    for (const chunks of [[99_999], [100]]) {
      expect(seen(`${long}\n{"id":"a"}`, { limits: { recordBytes: 1000 }, chunks })).toEqual(['1 rejected too_long', '2 accepted']);
      expect(seen(`[${long},{"id":"a"}]`, { limits: { recordBytes: 1000 }, chunks })).toEqual(['1 rejected too_long', '2 accepted']);
    }
  });

  it('never reach inherited properties', () => {
    const { noted } = decodeAll(
      jsonFormat({ ...mapping, columns: { session_id: 'constructor.name', final_status: '__proto__.x' } }),
      '{"__proto__":{"x":"own"}}',
    );
    expect(noted[0]!.record).toEqual({ final_status: 'own' });
  });
});

const piece = fc.oneof(
  fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', '\n', ' ', ':', '1', 'x', '{"id":"a"}', '{"id":"a","up":2}\n', '"id"', '\uFEFF', 'é'),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

it('an object without end is none, whatever lay behind it before', () => {
  const form = jsonFormat({ ...mapping, layout: 'whole' });
  for (const chunks of [[99], [1]]) {
    const { noted } = decodeAll(form, Buffer.from('{}{'), { chunks, capacity: 1 });
    expect(noted.map(({ reason }) => reason)).toEqual(['missing_field', 'unreadable']);
  }
});

it('any bytes in any chunks come to the same as in one, every position once and in order', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('auto' as const, 'lines' as const, 'whole' as const),
      (pieces, chunks, capacity, layout) => {
        const form = jsonFormat({ ...mapping, layout });
        const limits = { recordBytes: 50, depth: 5 };
        const bytes = Buffer.from(pieces.join(''), 'latin1');
        const whole = decodeAll(form, bytes, { limits }).noted;
        expect(decodeAll(form, bytes, { limits, chunks, capacity }).noted).toEqual(whole);
        expect(whole.map(({ position }) => position)).toEqual(whole.map((_, i) => i + 1));
      },
    ),
    { numRuns: 500 },
  );
});
