import { describe, expect, it } from 'vitest';
import { csvOf, csvValue } from './csv.ts';
import { ago, count, duration, figure, instant, money, number, percent, severityName, shortMoney, withUnit, wordOf } from './format.ts';

describe('figures', () => {
  it('are written as people read them', () => {
    expect(count(1_234_567)).toBe('1,234,567');
    expect(number(0.123456789)).toBe('0.123457');
    expect(figure(1234.5)).toBe('1,235');
    expect(figure(1_234_567)).toBe('1.23M');
    expect(figure(0.012345)).toBe('0.0123');
    expect(percent(0.1234)).toBe('12.3 %');
    expect(withUnit(0.5, 'ratio')).toBe('50 %');
    expect(withUnit(12.345, 'ms')).toBe('12.3 ms');
  });

  it('are a dash where there is none', () => {
    for (const write of [count, number, figure, percent])
      for (const none of [null, undefined, '', Number.NaN]) expect(write(none)).toBe('–');
    expect(money(null, 'EUR')).toBe('–');
    expect(withUnit(null, 'ms')).toBe('–');
  });

  it('of money keep their cents, and in lists only where they matter', () => {
    expect(money('1234.5', 'EUR')).toBe('1,234.50 EUR');
    expect(shortMoney('1234.5', 'EUR')).toBe('1,235 EUR');
    expect(shortMoney('12.5', 'EUR')).toBe('12.50 EUR');
    expect(shortMoney('123456789', 'EUR')).toBe('123M EUR');
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-21T12:05:00Z');
  it('are UTC, or how long ago', () => {
    expect(instant('2026-11-21T10:00:00Z')).toBe('21 Nov 2026, 10:00 UTC');
    expect(ago('2026-11-21T10:00:00Z', now)).toBe('2 h 5 min');
    expect(ago('2026-11-21T12:04:30Z', now)).toBe('just now');
    expect(ago('2026-11-21T12:06:00Z', now)).toBe('just now');
    expect([40, 90, 7200, 7500, 200_000, 172_800].map(duration)).toEqual(['40 s', '1 min', '2 h', '2 h 5 min', '2 d 7 h', '2 d']);
  });

  it('names are words', () => {
    expect(wordOf('in_progress')).toBe('In progress');
    expect(severityName(1)).toBe('Critical');
  });
});

describe('CSV', () => {
  it('keeps every value in its place, and no text becomes a formula', () => {
    expect(csvValue('a "b"')).toBe('"a ""b"""');
    expect(csvValue('=1+1')).toBe("'=1+1");
    expect(csvValue('-cmd')).toBe("'-cmd");
    expect(csvValue('-12.5')).toBe('-12.5');
    expect(csvValue(-12.5)).toBe('-12.5');
    expect(csvValue(null)).toBe('');
    expect(csvValue({ leg: 'a' })).toBe('"{""leg"":""a""}"');
    expect(
      csvOf(
        [{ a: 1, b: 'x,\ny' }],
        [
          { name: 'a', of: ({ a }) => a },
          { name: 'b', of: ({ b }) => b },
        ],
      ),
    ).toBe('a,b\r\n1,"x,\ny"\r\n');
  });
});
