import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from './csv.ts';
import { fileNameTemplate } from './file-name.ts';
import { jsonFormat } from './json.ts';
import { readMoney, readNumber } from './number.ts';
import { decodeAll } from './sink-for-tests.ts';
import { timeReader } from './time.ts';
import { readClock, unitFactor } from './unit.ts';
import { zoneNamed } from './zone.ts';

const time = (format: string, text: string, zone = 'UTC') => timeReader(format, zone)!.read(Buffer.from(text), 0, Buffer.byteLength(text));

describe('times', () => {
  it('agree with the platform on every instant', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2299-12-30'), noInvalidDate: true }), (date) => {
        const iso = date.toISOString();
        expect(time('iso', iso)).toBe(date.getTime());
        expect(time('iso', iso.slice(0, 19).replace('T', ' '))).toBe(Math.floor(date.getTime() / 1000) * 1000);
        expect(time('iso', iso.slice(0, 19).replace(/[-:T]/g, ''))).toBe(Math.floor(date.getTime() / 1000) * 1000);
        const [y, m, d] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10)];
        expect(time('MM/DD/YYYY hh:mm:ss.fff', `${m}/${d}/${y} ${iso.slice(11, 23)}`)).toBe(date.getTime());
      }),
    );
  });

  it('take offsets, epochs of every unit, and patterns', () => {
    expect(time('iso', '2026-01-01T01:00:00.5+01:00')).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 500));
    expect(time('epoch', '1772445612.6')).toBe(1_772_445_612_600);
    expect(time('epochMs', '1772445612600')).toBe(1_772_445_612_600);
    expect(time('epochUs', '1772445612600999')).toBe(1_772_445_612_600);
    expect(time('epochNs', '1772445612600999999')).toBe(1_772_445_612_600);
    expect(time('D/M/YYYY h:mm:ss a', '1/2/2026 12:05:06 AM')).toBe(Date.UTC(2026, 1, 1, 0, 5, 6));
    expect(time('DD.MM.YYYY hh:mm[:ss]', '01.02.2026 10:05')).toBe(Date.UTC(2026, 1, 1, 10, 5));
    expect(time('DD.MM.YYYY hh:mm', '01.01.1970 01:01', '+01:00')).toBe(60_000);
    expect(time('iso', '1970-01-01 00:01')).toBe(60_000);
  });

  it('refuse impossible ones', () => {
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-01-01 24:00',
      '2026-01-01 10:60',
      '2026-01-01x',
      '2026-01-01 10:0',
      '2026-1-1',
      '',
      '99999999',
      '2026-01-01T10:00+99:00',
    ])
      expect(time('iso', text), text).toBeNaN();
    expect(timeReader('hello', 'UTC')).toBeUndefined();
    expect(timeReader('iso', 'Mars/Base')).toBeUndefined();
  });

  it('agree with the zone data in every zone, and follow the rule in gaps and overlaps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'),
        fc.integer({ min: 0, max: 2e9 }),
        (name, seconds) => {
          const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' }).format(
            seconds * 1000,
          );
          const local = Date.parse(`${parts.replace(' ', 'T')}Z`);
          const utc = zoneNamed(name)!.toUtc(local);
          const back = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' }).format(utc);
          expect(back).toBe(parts);
          expect(utc).toBeLessThanOrEqual(seconds * 1000);
        },
      ),
      { numRuns: 60 },
    );
    expect(time('iso', '2026-03-29 02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(time('iso', '2026-10-25 02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(zoneNamed('+02:00')!.toUtc(7_200_000)).toBe(0);
  });
});

describe('numbers', () => {
  const number = (text: string, mark = 46) => readNumber(Buffer.from(text), 0, Buffer.byteLength(text), mark);
  it('agree with the platform', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = String(value);
        expect(number(text)).toBe(Number(text));
      }),
    );
    for (const text of ['', '-', '.', '1e', '0x10', '1 2', '1,5', 'Infinity', 'NaN', '--1']) expect(number(text), text).toBeNaN();
    expect(number('1,5', 44)).toBe(1.5);
    expect(number('-12.50')).toBe(-12.5);
  });
  it('money is exact and rounds half away from zero', () => {
    const money = (text: string, mark = 46, scale = 0) => readMoney(Buffer.from(text), 0, text.length, mark, scale);
    expect([money('1,25', 44), money('125', 46, 2), money('-0.0000005'), money('0.1'), money('999999999.999999')]).toEqual([
      1_250_000, 1_250_000, -1, 100_000, 999_999_999_999_999,
    ]);
    expect(money('12345678901234')).toBeNaN();
    expect(money('1e3')).toBeNaN();
  });
  it('units', () => {
    expect([
      unitFactor('duration_seconds', 'min'),
      unitFactor('octets_up', 'KiB'),
      unitFactor('setup_delay_ms', 's'),
      unitFactor('octets_up', 's'),
      unitFactor('cause', 's'),
    ]).toEqual([60, 1024, 1000, undefined, undefined]);
    expect(readClock(Buffer.from('01:02:03'), 0, 8)).toBe(3723);
    expect(readClock(Buffer.from('01:99'), 0, 5)).toBeNaN();
  });
});

describe('file names', () => {
  it('give their named parts in linear time', () => {
    expect(fileNameTemplate('CDR_{node}_{sequence}.csv')!.match('CDR_msc1_00017.csv')!.get('sequence')).toBe('00017');
    expect(fileNameTemplate('CDR_{node}_{sequence}.csv')!.match('CDR_msc1_x.csv')).toBeUndefined();
    expect(fileNameTemplate('*{a}')).toBeUndefined();
    expect(fileNameTemplate('*a*a*a*a*a*a*a*a*b')!.match('a'.repeat(1024))).toBeUndefined();
    expect(fileNameTemplate('{a}')!.match('a'.repeat(1025))).toBeUndefined();
  });
});

describe('a mapping', () => {
  const base: Mapping = { format: 'csv', kind: 'usage', header: true, columns: { start_time: 't' } };
  const fault = (mapping: unknown): string => {
    try {
      csvFormat(mapping as Mapping);
      return '';
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as { place: string }).place}`;
    }
  };
  it('names the setting that is wrong', () => {
    expect(fault({ ...base, kind: 'x' })).toBe('config_invalid mapping.kind');
    expect(fault({ ...base, columns: { nothing: 't' } })).toBe('config_invalid mapping.columns.nothing');
    expect(fault({ ...base, columns: { constructor: 't' } })).toBe('config_invalid mapping.columns.constructor');
    expect(fault({ ...base, columns: { start_time: { from: 't', time: 'hello' } } })).toBe(
      'config_invalid mapping.columns.start_time.time',
    );
    expect(fault({ ...base, timeZone: 'Mars/Base' })).toBe('config_invalid mapping.columns.start_time.timeZone');
    expect(fault({ ...base, columns: { duration_seconds: { from: 't', unit: 'kB' } } })).toBe(
      'config_invalid mapping.columns.duration_seconds.unit',
    );
    expect(fault({ ...base, constants: { answered: 'perhaps' } })).toBe('config_invalid mapping.constants.answered');
    expect(fault({ ...base, header: false })).toBe('config_invalid mapping.columns.start_time');
    expect(fault({ ...base, delimiter: '\n' })).toBe('config_invalid mapping.delimiter');
    expect(fault({ ...base, fileName: '{a}{b}' })).toBe('config_invalid mapping.fileName');
    expect(() => jsonFormat({ format: 'json', kind: 'usage', columns: { session_id: 3 } })).toThrow(/paths/);
  });

  it('computes, filters, reads header and trailer records and the file name', () => {
    const format = csvFormat({
      format: 'csv',
      kind: 'usage',
      names: ['type', 'cc', 'number', 'start', 'end', 'up', 'giga', 'unit', 'volume', 'fee'],
      columnCount: [1, 10],
      delimiter: ';',
      comment: '#',
      headerRecord: { prefix: 'HDR', sequence: 2 },
      trailerRecord: { prefix: 'TRL', records: 2, charge: { from: 3, scale: 2 } },
      fileName: '{node}_{sequence}.csv',
      filters: [{ when: [{ from: 'type', equals: ['TEST', 'PROBE'] }], reason: 'test_call' }],
      columns: {
        node: { fileName: 'node' },
        subscriber_number: { join: [{ text: '+' }, 'cc', 'number'] },
        session_id: { first: ['giga', 'number'] },
        start_time: { from: 'start', time: 'epoch' },
        duration_seconds: {
          difference: [
            { from: 'end', time: 'epoch' },
            { from: 'start', time: 'epoch' },
          ],
        },
        octets_up: { from: 'up', gigawords: 'giga' },
        octets_down: { from: 'volume', unitFrom: 'unit' },
        charge: { from: 'fee', scale: 2 },
        direction: { when: { from: 'type', startsWith: 'O' }, use: { constant: 'mo' }, otherwise: { constant: 'mt' } },
        prefix: { from: 'number', start: 0, length: 2 },
      },
    });
    const text =
      'HDR;7\n#x\nOUT;49;30123;100;160;5;1;KiB;2;125\nTEST;49;1;100;160;;;;;\nIN;49;1;160;100;;;;;\nIN;49;1;100;160;;;miles;3;\nTRL;4;500\n';
    const { noted, decoder } = decodeAll(format, text, { fileName: 'msc1_00042.csv' });
    expect(noted.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'dropped header',
      'dropped comment',
      'accepted ',
      'dropped test_call',
      'rejected negative_duration',
      'rejected bad_unit',
      'dropped trailer',
    ]);
    expect(noted[2]!.record).toEqual({
      node: 'msc1',
      subscriber_number: '+4930123',
      session_id: '1',
      start_time: 100_000,
      duration_seconds: 60,
      octets_up: 2 ** 32 + 5,
      octets_down: 2048,
      charge: 1_250_000,
      direction: 'mo',
      prefix: '30',
    });
    expect(decoder.declared()).toEqual({ sequence: 7, records: 4, charge: 5_000_000 });
  });

  it('reads what a header says of lost records, the closure and the times of the events', () => {
    const format = csvFormat({
      format: 'csv',
      kind: 'usage',
      names: ['start'],
      columnCount: [1, 6],
      timeZone: 'Europe/Berlin',
      headerRecord: {
        prefix: 'HDR',
        lost: 2,
        closureReason: 3,
        earliest: { from: 4, time: 'DD.MM.YYYY hh:mm' },
        latest: { from: 5, time: 'epoch' },
      },
      columns: { start_time: { from: 'start', time: 'epoch' } },
    });
    // Noon in Berlin is 11:00 UTC; a field that is not stated is not declared.
    const { decoder } = decodeAll(format, 'HDR,3,131,21.11.2026 12:00,1795258800\n100\n');
    expect(decoder.declared()).toEqual({ lost: 3, closureReason: 131, earliest: Date.UTC(2026, 10, 21, 11), latest: 1_795_258_800_000 });
    expect(decodeAll(format, 'HDR,,,x,\n100\n').decoder.declared()).toEqual({});
  });
});
