import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneNamed } from '../../ingest/decode/zone.ts';
import { dayMs } from '../calendar/civil.ts';
import { parseWeekly, weeklyOverlaps } from './weekly.ts';

const berlin = zoneNamed('Europe/Berlin')!;
const at = (text: string): number => Date.parse(text);
const hour = 3_600_000;

describe('weekly work', () => {
  it('is read from its words', () => {
    expect(parseWeekly('fri-sun 23:30-01:00')).toEqual({ days: new Set([5, 6, 0]), fromMinute: 1410, toMinute: 1500 });
    expect(parseWeekly('sat,mon 00:00-24:00')).toEqual({ days: new Set([6, 1]), fromMinute: 0, toMinute: 1440 });
    expect(parseWeekly('daily 03:00-03:30')?.days.size).toBe(7);
    expect(parseWeekly('sun-sun 03:00-03:30')?.days).toEqual(new Set([0]));
    for (const text of ['', 'sun', 'xyz 01:00-02:00', 'sun 1-2', 'sun-xyz 01:00-02:00', 'sun 01:00-02:00 '])
      expect(parseWeekly(text), text).toBeUndefined();
  });

  it('holds from its first to its last minute, over midnight too', () => {
    const work = parseWeekly('sat 23:00-01:00')!;
    const on = (from: string, to = from): boolean => weeklyOverlaps(work, at(from), at(to), berlin);
    expect(on('2026-11-21T21:59:59Z')).toBe(false);
    expect(on('2026-11-21T22:00:00Z')).toBe(true);
    expect(on('2026-11-21T23:59:59Z')).toBe(true);
    expect(on('2026-11-22T00:00:00Z')).toBe(false);
    expect(on('2026-11-21T21:00:00Z', '2026-11-21T22:00:00Z')).toBe(false);
    expect(on('2026-11-21T21:00:00Z', '2026-11-21T22:00:01Z')).toBe(true);
    expect(on('2026-11-22T00:00:00Z', '2026-11-28T22:00:00Z')).toBe(false);
    expect(on('2020-01-01T00:00:00Z', '2026-11-28T22:00:00Z')).toBe(true);
  });

  it('goes by the clock on the wall when that changes', () => {
    const work = parseWeekly('sun 02:00-04:00')!;
    const length = (from: number): number =>
      Array.from({ length: 24 * 60 }, (_, minute) => weeklyOverlaps(work, from + minute * 60_000, from + minute * 60_000, berlin)).filter(
        Boolean,
      ).length;
    expect(length(at('2026-03-21T23:00:00Z')), 'an ordinary Sunday').toBe(120);
    expect(length(at('2026-03-28T23:00:00Z')), 'an hour is skipped').toBe(60);
    expect(length(at('2026-10-24T22:00:00Z')), 'an hour comes twice').toBe(180);
    expect(weeklyOverlaps(parseWeekly('sun 02:00-03:00')!, at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z'), berlin)).toBe(false);
  });

  it('agrees with asking minute by minute', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland'].map((name) => zoneNamed(name)!);
    const quarter = 900_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: 1, max: 96 }),
        fc.integer({ min: at('2026-01-01') / quarter, max: at('2027-01-01') / quarter }),
        fc.integer({ min: 1, max: 40 }),
        (zone, days, start, length, from, quarters) => {
          const work = { days: new Set(days), fromMinute: start * 15, toMinute: (start + length) * 15 };
          const points = Array.from({ length: quarters }, (_, each) => (from + each) * quarter);
          // All bounds lie on quarters, so that a window is on within one exactly when it is on at its start.
          const expected = points.some((point) => weeklyOverlaps(work, point, point, zone));
          expect(weeklyOverlaps(work, from * quarter, (from + quarters) * quarter, zone)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is on for as long as it says, once per named day, where the clock never changes', () => {
    const utc = zoneNamed('UTC')!;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 1, max: 24 }),
        (day, start, length) => {
          const work = { days: new Set([day]), fromMinute: start * 60, toMinute: (start + length) * 60 };
          const monday = at('2026-11-02T00:00:00Z');
          const hours = Array.from({ length: 7 * 24 }, (_, each) => weeklyOverlaps(work, monday + each * hour, monday + each * hour, utc));
          expect(hours.filter(Boolean)).toHaveLength(length);
          expect(weeklyOverlaps(work, monday, monday + 7 * dayMs, utc)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
