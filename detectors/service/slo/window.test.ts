import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, durationOf } from './duration.ts';
import { type CalendarWindow, instantOfLocal, localOfInstant, windowAt } from './window.ts';

const hour = 3_600_000;
const calendar = (duration: string, start = '2026-01-01T00:00:00Z', timeZone = 'Europe/Berlin'): CalendarWindow => ({
  kind: 'calendar',
  duration: durationOf(duration) as Duration,
  startLocal: Date.parse(start),
  timeZone,
});
const iso = ({ from, to }: { from: number; to: number }) => [
  new Date(from).toISOString().slice(0, 16),
  new Date(to).toISOString().slice(0, 16),
];

describe('windows', () => {
  it('a month of Berlin begins at 23:00 UTC of the day before in winter, at 22:00 in summer', () => {
    expect(iso(windowAt(calendar('1M'), Date.UTC(2026, 0, 15)))).toEqual(['2025-12-31T23:00', '2026-01-31T23:00']);
    // March has an hour less, October one more.
    const march = windowAt(calendar('1M'), Date.UTC(2026, 2, 15));
    expect(iso(march)).toEqual(['2026-02-28T23:00', '2026-03-31T22:00']);
    expect((march.to - march.from) / hour).toBe(31 * 24 - 1);
    const october = windowAt(calendar('1M'), Date.UTC(2026, 9, 15));
    expect((october.to - october.from) / hour).toBe(31 * 24 + 1);
    expect(windowAt(calendar('1M'), march.to)).toEqual(windowAt(calendar('1M'), march.to + hour));
    expect(windowAt(calendar('1M'), march.to - 1)).toEqual(march);
  });

  it('days last 23 and 25 hours when the clock changes', () => {
    const lengths = [Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 9, 25, 12), Date.UTC(2026, 6, 1, 12)].map((at) => {
      const { from, to } = windowAt(calendar('1d'), at);
      return (to - from) / hour;
    });
    expect(lengths).toEqual([23, 25, 24]);
  });

  it('quarters, years and weeks follow their start; a month that begins on the 31st is cut to its end', () => {
    expect(iso(windowAt(calendar('1Q', '2026-01-01T00:00:00Z', 'UTC'), Date.UTC(2026, 4, 1)))).toEqual([
      '2026-04-01T00:00',
      '2026-07-01T00:00',
    ]);
    expect(iso(windowAt(calendar('1Y', '2020-04-01T06:30:00Z', 'UTC'), Date.UTC(2026, 2, 1)))).toEqual([
      '2025-04-01T06:30',
      '2026-04-01T06:30',
    ]);
    expect(iso(windowAt(calendar('2w', '2026-01-05T00:00:00Z', 'UTC'), Date.UTC(2026, 0, 20)))).toEqual([
      '2026-01-19T00:00',
      '2026-02-02T00:00',
    ]);
    expect(iso(windowAt(calendar('1M', '2026-01-31T00:00:00Z', 'UTC'), Date.UTC(2026, 2, 1)))).toEqual([
      '2026-02-28T00:00',
      '2026-03-31T00:00',
    ]);
    // Before the start there are periods too.
    expect(iso(windowAt(calendar('1M', '2026-01-01T00:00:00Z', 'UTC'), Date.UTC(2025, 1, 10)))).toEqual([
      '2025-02-01T00:00',
      '2025-03-01T00:00',
    ]);
  });

  it('a skipped reading takes the offset before the change, a repeated one is the first', () => {
    expect(new Date(instantOfLocal(Date.UTC(2026, 2, 29, 2, 30), 'Europe/Berlin')).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(new Date(instantOfLocal(Date.UTC(2026, 9, 25, 2, 30), 'Europe/Berlin')).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  it('rolling ones are the last stretch', () => {
    expect(windowAt({ kind: 'rolling', ms: 10 }, 100)).toEqual({ from: 90, to: 100 });
  });

  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'UTC');
  const durations = fc.constantFrom('1d', '1w', '3d', '1M', '2M', '1Q', '1Y');
  const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });

  it('periods of a calendar hold their instant and follow each other without a gap', () => {
    fc.assert(
      fc.property(zones, durations, instants, instants, (timeZone, duration, instant, startLocal) => {
        const window: CalendarWindow = { kind: 'calendar', duration: durationOf(duration)!, startLocal, timeZone };
        const at = windowAt(window, instant);
        expect(at.from).toBeLessThanOrEqual(instant);
        expect(at.to).toBeGreaterThan(instant);
        expect(windowAt(window, at.to).from).toBe(at.to);
        expect(windowAt(window, at.from)).toEqual(at);
      }),
      { numRuns: 300 },
    );
  });

  it('the local clock and back again, but where it is skipped or repeated', () => {
    fc.assert(
      fc.property(zones, instants, (timeZone, instant) => {
        const back = instantOfLocal(localOfInstant(instant, timeZone), timeZone);
        expect([0, hour, hour / 2]).toContain(instant - back);
      }),
      { numRuns: 300 },
    );
  });

  it('durations are read as OpenSLO writes them', () => {
    expect(['5m', '1h', '30d', '4w', '1M', '1Q', '1Y'].map((text) => durationOf(text))).not.toContain(undefined);
    for (const text of ['', '0d', '-1d', '1', 'd', '1 d', '1s', '1.5h', '1D', '123456d']) expect(durationOf(text), text).toBeUndefined();
  });
});
