import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneNamed } from '../../ingest/decode/zone.ts';
import { parseSettings } from '../settings/load.ts';
import { createCalendars } from './calendar.ts';
import { civilDate, civilDay, dayMs, likeDay, localOf } from './civil.ts';
import type { CalendarDayRow } from './reference.ts';

const calendarsOf = (yaml: string, rows: readonly CalendarDayRow[] = []) => createCalendars(parseSettings(yaml, 'weir.yaml'), rows);
const at = (text: string): number => Date.parse(text);

describe('holidays', () => {
  it.each([
    // Country, region and zone, an instant of the day, its name, and how far the coming day of rest is.
    ['DE', '', 'Europe/Berlin', '2026-05-14T10:00:00Z', 'Ascension Day', 3],
    ['DE', 'BY', 'Europe/Berlin', '2026-06-04T10:00:00Z', 'Corpus Christi', 3],
    ['US', '', 'America/New_York', '2026-11-26T17:00:00Z', 'Thanksgiving Day', 3],
    ['GB', 'SCT', 'Europe/London', '2026-11-30T12:00:00Z', 'St Andrew’s Day', 6],
    ['FR', '', 'Europe/Paris', '2026-07-14T10:00:00Z', 'Bastille Day', 5],
    ['SA', '', 'Asia/Riyadh', '2026-09-23T09:00:00Z', 'National Day', 3],
  ])('%s %s: a known day', (country, region, zone, instant, name, days) => {
    const home = region === '' ? '' : `\ncalendars: { home: { region: ${region} } }`;
    expect(calendarsOf(`country: ${country}\ntimeZone: ${zone}${home}`).dayOf('home', at(instant))).toMatchObject({ name, likeDay: days });
  });

  it('of a region only do not hold elsewhere', () => {
    expect(calendarsOf('country: DE\ntimeZone: Europe/Berlin').dayOf('home', at('2026-06-04T10:00:00Z'))).toBeUndefined();
  });

  it('move with Easter', () => {
    const { dayOf } = calendarsOf('country: DE\ntimeZone: Europe/Berlin');
    for (const day of ['2024-04-01', '2025-04-21', '2026-04-06', '2027-03-29', '2030-04-22'])
      expect(dayOf('home', at(`${day}T10:00:00Z`)), day).toMatchObject({ likeDay: 6, name: 'Easter Monday' });
    expect(dayOf('home', at('2026-04-07T10:00:00Z'))).toBeUndefined();
  });

  it('begin and end at local midnight, also where the clock has changed since', () => {
    const { dayOf } = calendarsOf('country: DE\ntimeZone: Europe/Berlin');
    expect(dayOf('home', at('2026-05-13T21:59:59Z'))).toBeUndefined();
    expect(dayOf('home', at('2026-05-13T22:00:00Z'))).toBeDefined();
    expect(dayOf('home', at('2026-05-14T21:59:59Z'))).toBeDefined();
    expect(dayOf('home', at('2026-05-14T22:00:00Z'))).toBeUndefined();
    const paris = calendarsOf('country: FR\ntimeZone: Europe/Paris');
    expect(paris.dayOf('home', at('2025-12-31T22:59:59Z'))).toBeUndefined();
    expect(paris.dayOf('home', at('2025-12-31T23:00:00Z'))).toMatchObject({ name: "New Year's Day" });
    expect(paris.dayOf('home', at('2026-01-01T23:00:00Z'))).toBeUndefined();
    const far = calendarsOf('country: US\ntimeZone: Pacific/Honolulu');
    expect(far.dayOf('home', at('2027-01-01T09:59:59Z'))).toBeUndefined();
    expect(far.dayOf('home', at('2027-01-02T09:59:59Z'))).toMatchObject({ name: "New Year's Day" });
  });

  it('may begin at noon: half of Christmas Eve, by the local clock', () => {
    const { dayOf } = calendarsOf('country: DE\ntimeZone: Europe/Berlin');
    expect(dayOf('home', at('2026-12-24T12:59:59Z'))).toBeUndefined();
    expect(dayOf('home', at('2026-12-24T13:00:00Z'))).toMatchObject({ name: 'Christmas Eve', likeDay: 3 });
    expect(dayOf('home', at('2026-12-24T23:00:00Z'))).toMatchObject({ name: 'Christmas Day', likeDay: 2 });
  });

  it('that begin at sunset are the civil days after it, each like the day of rest of the country', () => {
    const { dayOf } = calendarsOf('country: IL\ntimeZone: Asia/Jerusalem');
    expect(dayOf('home', at('2026-04-21T18:00:00Z'))).toBeUndefined();
    expect(dayOf('home', at('2026-04-21T21:00:00Z'))).toMatchObject({ name: expect.stringContaining('Independence'), likeDay: 3 });
    expect(dayOf('home', at('2026-04-22T20:59:00Z'))).toBeDefined();
    expect(dayOf('home', at('2026-04-22T21:00:00Z'))).toBeUndefined();
    const riyadh = calendarsOf('country: SA\ntimeZone: Asia/Riyadh');
    const days = [19, 20, 21, 22].map((day) => riyadh.dayOf('home', Date.UTC(2026, 2, day, 9))?.likeDay);
    expect(days, 'Eid al-Fitr, Thursday to Sunday, against Saturdays').toEqual([2, 1, undefined, 6]);
  });

  it('on the day of rest itself change nothing', () => {
    const { dayOf } = calendarsOf('country: DE\ntimeZone: Europe/Berlin\ncalendars: { home: { region: BY } }');
    expect(dayOf('home', at('2026-11-01T10:00:00Z')), 'All Saints, a Sunday').toBeUndefined();
    expect(dayOf('home', at('2026-10-03T10:00:00Z')), 'a Saturday').toMatchObject({ likeDay: 1 });
  });

  it('are none without a country, and none of a home country that is not known', () => {
    expect(calendarsOf('timeZone: Europe/Berlin').dayOf('home', at('2026-12-25T10:00:00Z'))).toBeUndefined();
    expect(calendarsOf('country: XX').dayOf('home', at('2026-12-25T10:00:00Z'))).toBeUndefined();
    expect(calendarsOf('country: DE\ncalendars: { home: { country: "" } }').dayOf('home', at('2026-12-25T10:00:00Z'))).toBeUndefined();
  });
});

describe('own days', () => {
  const yaml = `
country: DE
timeZone: Europe/Berlin
calendars:
  home:
    days:
      - { date: 2026-05-14, like: workday, name: shops open }
      - { date: { from: 2026-03-28, to: 2026-03-30 }, like: saturday, name: fair }
      - { date: 2026-11-24, name: election }
  stadium:
    days: [{ date: 2026-06-13, like: workday, name: final }]
`;

  it('go before holidays, each day of a range against its own weekday, across a change of the clock', () => {
    const { dayOf, names } = calendarsOf(yaml);
    expect(names).toEqual(['home', 'stadium']);
    expect(dayOf('home', at('2026-05-14T10:00:00Z')), 'a Thursday is a workday').toBeUndefined();
    expect(dayOf('home', at('2026-03-28T10:00:00Z')), 'a Saturday').toBeUndefined();
    expect(dayOf('home', at('2026-03-28T23:00:00Z'))).toEqual({ likeDay: 6, name: 'fair' });
    expect(dayOf('home', at('2026-03-29T21:59:59Z')), 'a day of 23 hours').toMatchObject({ likeDay: 6 });
    expect(dayOf('home', at('2026-03-29T22:00:00Z'))).toMatchObject({ likeDay: 5 });
    expect(dayOf('home', at('2026-03-30T22:00:00Z'))).toBeUndefined();
    expect(dayOf('home', at('2026-11-24T10:00:00Z'))).toMatchObject({ likeDay: 5, name: 'election' });
    expect(dayOf('stadium', at('2026-06-13T10:00:00Z'))).toMatchObject({ likeDay: 2, name: 'final' });
    expect(dayOf('stadium', at('2026-12-25T10:00:00Z')), 'no country, no holidays').toBeUndefined();
  });

  it('that are none, and places that are none, are refused with their place', () => {
    const refused = (calendars: string, more = ''): unknown => {
      try {
        calendarsOf(`calendars: { home: ${calendars} }\n${more}`);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refused('{ days: [{ date: 2026-02-30, name: a }] }')).toMatchObject({
      code: 'config_invalid',
      place: 'calendars.home.days.0.date',
    });
    expect(refused('{ days: [{ date: { from: 2026-02-02, to: 2026-02-01 }, name: a }] }')).toMatchObject({ code: 'config_invalid' });
    expect(refused('{ days: [{ date: { from: 2026-01-01, to: 2029-01-01 }, name: a }] }')).toMatchObject({ code: 'config_invalid' });
    expect(refused('{ country: XX }')).toMatchObject({ code: 'config_invalid', place: 'calendars.home' });
    expect(refused('{ country: DE, region: XX }')).toMatchObject({
      message: expect.stringContaining('no region XX'),
      hint: expect.stringContaining('BY'),
    });
    expect(refused('{ region: BY }')).toMatchObject({ place: 'calendars.home.region' });
    expect(refused('{ region: ABC }', 'country: DE')).toMatchObject({ place: 'calendars.home.region' });
    expect(refused('{}', 'timeZone: Mars/Base')).toMatchObject({ place: 'timeZone' });
    expect(refused('{ days: [{ date: 14.5.2026, name: a }] }')).toMatchObject({
      code: 'config_invalid',
      place: expect.stringContaining('weir.yaml'),
    });
    expect(() => calendarsOf('').dayOf('nowhere', 0)).toThrow(/nowhere/);
  });
});

describe('reference rows', () => {
  const row = (calendar: string, day: string, day_type: string, name = ''): CalendarDayRow => ({ calendar, day: at(day), day_type, name });
  it('merge in by name of the calendar or by its country', () => {
    const rows = [
      row('DE', '2026-06-16T22:00:00Z', 'holiday', 'mourning'),
      row('DE', '2026-05-13T22:00:00Z', 'workday'),
      row('DE', '2026-08-03T22:00:00Z', 'school_holiday'),
      row('FR', '2026-06-17T22:00:00Z', 'holiday'),
      row('campaigns', '2026-06-18T00:00:00Z', 'saturday', 'midnight UTC'),
    ];
    const { dayOf, names } = calendarsOf('country: DE\ntimeZone: Europe/Berlin', rows);
    expect(names).toEqual(['home', 'DE', 'FR', 'campaigns']);
    expect(dayOf('home', at('2026-06-17T10:00:00Z'))).toMatchObject({ likeDay: 4, name: 'mourning' });
    expect(dayOf('home', at('2026-05-14T10:00:00Z')), 'taken back').toBeUndefined();
    expect(dayOf('home', at('2026-08-04T10:00:00Z')), 'says nothing to compute with').toBeUndefined();
    expect(dayOf('home', at('2026-06-18T10:00:00Z'))).toBeUndefined();
    expect(dayOf('campaigns', at('2026-06-18T10:00:00Z'))).toMatchObject({ likeDay: 2, name: 'midnight UTC' });
  });
});

describe('civil days', () => {
  it('are those of the wall', () => {
    expect(civilDate('2026-02-30')).toBeUndefined();
    expect(civilDate('nonsense')).toBeUndefined();
    expect(localOf(0, zoneNamed('+02:00')!)).toBe(7_200_000);
    expect(likeDay(Date.UTC(2026, 4, 14), 0)).toBe(3);
    expect([6, 7, 8, 9].map((day) => likeDay(Date.UTC(2026, 5, day), 'workday'))).toEqual([2, 1, 0, 0]);
  });

  it('hold for every instant and zone: what the answer says is the local day', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'Asia/Kathmandu', 'America/St_Johns', '-11:00'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: at('2020-01-01'), max: at('2035-01-01') }), (timeZone, instant) => {
        const zone = zoneNamed(timeZone)!;
        const local = Math.floor(localOf(instant, zone) / dayMs) * dayMs;
        const date = new Date(local).toISOString().slice(0, 10);
        const { dayOf } = calendarsOf(`timeZone: "${timeZone}"\ncalendars: { home: { days: [{ date: ${date}, name: it }] } }`);
        const special = dayOf('home', instant);
        const weekday = new Date(local).getUTCDay();
        expect(special?.likeDay ?? 0).toBe((7 - weekday) % 7);
        expect(dayOf('home', instant + 25 * 3_600_000)).toBeUndefined();
        expect(civilDay(zone.toUtc(local), zone)).toBe(local);
      }),
      { numRuns: 100 },
    );
  });
});
