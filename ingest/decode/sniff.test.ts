import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniff } from './sniff.ts';

const look = (text: string, options = {}) => sniff(Buffer.from(text), 'file', options);

describe('sniff', () => {
  it('recognises the presets', () => {
    const cdr =
      '"","100","4930","internal","x","SIP/100-1","SIP/t-2","Dial","x","2026-03-02 11:00:00","2026-03-02 11:00:05","2026-03-02 11:01:05",65,60,"ANSWERED","DOCUMENTATION","1772445600.1",""\n';
    expect(look(cdr)).toMatchObject({ preset: 'asterisk-cdr', assumptions: { timeZone: '+01:00', firstTime: 1_772_445_600_000 } });
    expect(look('"CHAN_START","1772445600.5","","","","","","s","d","SIP/1-1","","","3","","1.0","1.0","","","",""\n').preset).toBe(
      'asterisk-cel',
    );
    expect(
      look(
        '"A","1","2","c","2026-03-02 10:00:00","","2026-03-02 10:00:20","20","0","USER_BUSY","1b671a64-40d5-491e-99b0-da01ff1f3341","",""\n',
      ).preset,
    ).toBe('freeswitch-csv');
    expect(look('{"core-uuid":"c","switchname":"s","variables":{"uuid":"u","start_uepoch":"1772445600000000"}}').preset).toBe(
      'freeswitch-json',
    );
    expect(look('Mon Mar  2 10:00:00 2026\n\tAcct-Status-Type = Start\n\tTimestamp = 1772445600\n\n').preset).toBe('radius-detail');
    expect(look('{"name":"n","tags":{"host":"h"},"fields":{"a":1},"timestamp":1772445600}\n').preset).toBe('telegraf-json');
    expect(look('{"device":"d","metric":"m","value":1,"time":1772445600}\n').preset).toBe('json');
    expect(look('system,valid_from,status\ncrm,2026-01-01,active\n').preset).toBe('weir-csv:subscription');
    expect(look('{"start_time":"2026-01-01","leg":"switch"}\n').preset).toBe('weir-json');
  });

  it('infers a table of calls from its names', () => {
    const seen = look(
      'Caller id,Caller company,Receiver id,Receiver company,Timestamp,Duration s.\r\n100,A,200,B,2026-03-02 10:00,0\r\n100,A,300,B,2026-03-02 10:05,61\r\n',
    );
    expect(seen.assumptions).toMatchObject({
      kind: 'usage',
      timeZone: 'UTC',
      delimiter: ',',
      header: true,
      columns: {
        subscriber_number: 'Caller id',
        other_party_number: 'Receiver id',
        start_time: 'Timestamp',
        duration_seconds: 'Duration s.',
      },
      firstTime: Date.UTC(2026, 2, 2, 10),
      lastTime: Date.UTC(2026, 2, 2, 10, 5),
    });
    expect(seen.explain.join('\n')).toContain('not used: Caller company, Receiver company');
  });

  it('infers units, day and month order, and other delimiters', () => {
    const seen = look('A-Number;B-Number;Start Time;Duration (min);Price\n1;2;31.12.2025 23:00:00;1.5;0,25\n');
    expect(seen.mapping).toMatchObject({
      delimiter: ';',
      columns: { start_time: { time: 'DD.MM.YYYY hh:mm[:ss]' }, duration_seconds: { unit: 'min' }, charge: { decimal: ',' } },
    });
    const us = look('from,to,date,duration\n1,2,03/04/2026 10:00,5\n');
    expect(us.explain.join('\n')).toContain('fits month before day too');
  });

  it('refuses what it does not know, saying what it saw', () => {
    expect(() => look('alpha,beta\n1,2\n')).toThrow(/columns alpha, beta/);
    expect(() => look('')).toThrow(/empty/);
    expect(() => look('\0\x01\x02')).toThrow(/binary/);
  });

  it('either answers or refuses with its code, whatever the bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '"', ',', '\n', 'time,from,to\n', '2026-01-01,1,2\n', '{"device":"d","time":1}', '['),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        try {
          expect(look(pieces.join('')).confidence).toBeGreaterThan(0);
        } catch (error) {
          expect((error as { code: string }).code).toBe('format_unknown');
        }
      }),
    );
  });
});
