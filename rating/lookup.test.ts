import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOfDate, offsetsOf, weekday } from './local-time.ts';
import { periodNumber } from './period.ts';
import { newPrefixIndex } from './prefix-index.ts';
import { newRateTable } from './rate-table.ts';
import { newBandClock } from './time-band.ts';
import { chargedQuantity } from './units.ts';

describe('prefixes', () => {
  it('takes the longest', () => {
    const index = newPrefixIndex(['49', '4917', '']);
    expect([index.longest('491701'), index.longest('4930'), index.longest('33'), index.longest('')]).toEqual([1, 0, 2, 2]);
    expect(newPrefixIndex(['49']).longest('4')).toBe(-1);
    expect(newPrefixIndex(['49']).longest('49x7')).toBe(0);
    expect(() => newPrefixIndex(['+49'])).toThrow(RangeError);
  });

  it('property: as a search through the list', () => {
    const digits = fc.stringMatching(/^\d{0,5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(digits, { maxLength: 40 }), fc.stringMatching(/^\d{0,8}$/), (prefixes, number) => {
        const holding = prefixes.filter((prefix) => number.startsWith(prefix)).sort((a, b) => b.length - a.length);
        expect(newPrefixIndex(prefixes).longest(number)).toBe(holding[0] === undefined ? -1 : prefixes.indexOf(holding[0]));
      }),
    );
  });
});

describe('rates', () => {
  const price = (price: string, more: object = {}) => ({ service: 'voice', price, unit: 'minute' as const, ...more });

  it('prefix before zone before all; a band before every band', () => {
    const table = newRateTable([
      price('1'),
      price('2', { zone: 'eu' }),
      price('3', { prefix: '49' }),
      price('4', { prefix: '49', timeBand: 'peak' }),
      price('5', { prefix: '4917' }),
    ]);
    const found = (...of: [string, string, string]) => table.find('voice', ...of)?.rate.price;
    expect(found('33', '', '')).toBe('1');
    expect(found('33', 'eu', 'peak')).toBe('2');
    expect(found('4930', 'eu', '')).toBe('3');
    expect(found('4930', 'eu', 'peak')).toBe('4');
    expect(found('49170', 'eu', 'peak')).toBe('5');
    expect(table.find('sms', '49', '', '')).toBeUndefined();
  });

  it('refuses what contradicts itself', () => {
    expect(() => newRateTable([price('1'), price('2')])).toThrow('two rates for voice///');
    expect(() => newRateTable([price('1,5')])).toThrow('not a decimal');
    expect(() => newRateTable([price('1', { tiers: [{ from: 0, price: '2' }] })])).toThrow('do not grow');
    expect(() => newRateTable([price('1', { minimum: -1 })])).toThrow('minimum or increment');
  });
});

describe('increments', () => {
  it.each([
    [0, 30, 6, 0],
    [1, 30, 6, 30],
    [30, 30, 6, 30],
    [31, 30, 6, 36],
    [36, 30, 6, 36],
    [61, 60, 60, 120],
    [61, 0, 1, 61],
    [7, 0, 6, 12],
  ])('%d s by %d/%d are %d s', (quantity, minimum, increment, charged) => {
    expect(chargedQuantity(quantity, minimum, increment)).toBe(charged);
  });

  it('property: least of all that minimum and increments can make', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(120), fc.integer({ min: 1, max: 120 }), (quantity, minimum, increment) => {
        const charged = chargedQuantity(quantity, minimum, increment);
        expect(charged).toBeGreaterThanOrEqual(Math.max(quantity, minimum));
        expect((charged - minimum) % increment).toBe(0);
        expect(charged - Math.max(quantity, minimum)).toBeLessThan(increment);
      }),
    );
  });
});

describe('time', () => {
  const berlin = offsetsOf('Europe/Berlin');

  it('knows the offset on both sides of daylight saving', () => {
    const leap = Date.UTC(2026, 2, 29, 1);
    expect([berlin(leap - 1), berlin(leap)]).toEqual([3_600_000, 7_200_000]);
    expect(() => offsetsOf('Mars/Olympus')).toThrow(RangeError);
  });

  it('counts weekdays from Monday and refuses days that are none', () => {
    expect(weekday(Date.UTC(2026, 10, 20))).toBe(4);
    expect(weekday(Date.UTC(1969, 11, 31))).toBe(2);
    expect(dayOfDate('1970-01-02')).toBe(1);
    for (const date of ['2026-02-30', '2026-1-1', 'x']) expect(() => dayOfDate(date), date).toThrow(RangeError);
  });

  it('bands: borders, nights across midnight, holidays, no band', () => {
    const clock = newBandClock({
      timeZone: 'Europe/Berlin',
      holidays: ['2026-12-25'],
      bands: [
        { name: 'holiday', days: [8], from: '00:00', to: '24:00' },
        { name: 'peak', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' },
        { name: 'night', days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' },
      ],
    });
    const at = (day: number, hour: number, minute = 0) => clock.at(Date.UTC(2026, 10, day, hour - 1, minute));
    expect([at(20, 7, 59), at(20, 8), at(20, 17, 59), at(20, 18)]).toEqual(['', 'peak', 'peak', '']);
    // Friday night runs into Saturday; Saturday has none, Monday morning is no night of Sunday.
    expect([at(20, 22), at(21, 5, 59), at(21, 6), at(21, 23), at(23, 5)]).toEqual(['night', 'night', '', '', '']);
    expect(clock.at(Date.UTC(2026, 11, 25, 9))).toBe('holiday');
    expect(clock.until(Date.UTC(2026, 10, 20, 6, 59, 30))).toBe(Date.UTC(2026, 10, 20, 7));
    expect(() => newBandClock({ timeZone: 'UTC', holidays: [], bands: [{ name: 'x', days: [1], from: '8:00', to: '24:01' }] })).toThrow(
      RangeError,
    );
  });

  it('property: until is the first minute of another band, daylight saving or not', () => {
    const bands = [
      { name: 'a', days: [1, 2, 3, 4, 5, 6, 7], from: '01:30', to: '02:45' },
      { name: 'b', days: [6, 7], from: '18:00', to: '03:15' },
      { name: 'c', days: [8], from: '10:00', to: '24:00' },
    ];
    const clock = newBandClock({ timeZone: 'Europe/Berlin', holidays: ['2026-03-28', '2026-10-26'], bands });
    const near = fc.tuple(fc.constantFrom(Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25)), fc.integer({ min: -2 * 86_400, max: 2 * 86_400 }));
    fc.assert(
      fc.property(near, ([day, seconds]) => {
        const instant = day + seconds * 1000;
        let expected = (Math.floor(instant / 60_000) + 1) * 60_000;
        while (clock.at(expected) === clock.at(instant)) expected += 60_000;
        expect(clock.until(instant)).toBe(expected);
      }),
    );
  });

  it('periods begin on the anchor day by the local clock', () => {
    const november = (2026 - 1970) * 12 + 10;
    expect(periodNumber(Date.UTC(2026, 9, 31, 23), 'month', 1, berlin)).toBe(november);
    expect(periodNumber(Date.UTC(2026, 9, 31, 22, 59), 'month', 1, berlin)).toBe(november - 1);
    expect(periodNumber(Date.UTC(2026, 10, 14, 12), 'month', 15, berlin)).toBe(november - 1);
    expect(periodNumber(Date.UTC(2026, 10, 20, 22, 59), 'day', 1, berlin) + 1).toBe(
      periodNumber(Date.UTC(2026, 10, 20, 23), 'day', 1, berlin),
    );
    const anchored = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.nat(40 * 86_400_000), fc.integer({ min: 1, max: 28 }));
    fc.assert(
      fc.property(anchored, ([at, later, anchor]) => {
        const passed = periodNumber(at + later, 'month', anchor, berlin) - periodNumber(at, 'month', anchor, berlin);
        expect(passed).toBeGreaterThanOrEqual(0);
        expect(passed).toBeLessThanOrEqual(2);
      }),
    );
  });
});
