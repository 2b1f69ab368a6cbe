/** Time bands: peak, off-peak, weekend, holiday, by the clock of a time zone. */
import { dayNumber, dayOfDate, minuteOfDay, type OffsetAt, offsetsOf, weekday } from './local-time.ts';

/** Hours of some days. Bands are looked up in their order: the first that holds counts. */
export interface TimeBand {
  readonly name: string;
  /** 1 Monday to 7 Sunday, or 8 for holidays. Holidays belong to bands that name 8, and where none does, to their weekday. */
  readonly days: readonly number[];
  /** hh:mm; the band holds from here. */
  readonly from: string;
  /** hh:mm, up to 24:00, exclusive; at or before `from` = of the next day. */
  readonly to: string;
}

export interface BandCalendar {
  /** IANA time zone of the tariff. */
  readonly timeZone: string;
  readonly bands: readonly TimeBand[];
  /** Local dates, YYYY-MM-DD. */
  readonly holidays: readonly string[];
}

/** The band at an instant, and the first instant at which another may hold. */
export interface BandClock {
  at(instant: number): string;
  /** First minute of another band within two days, else an instant about two days later. */
  until(instant: number): number;
}

const minutes = 1440;
const minuteMs = 60_000;
const quarterHourMs = 900_000;
const holiday = 7;

function minuteOf(text: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  const value = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (!(value >= 0 && value <= minutes) || Number(match![2]) > 59) throw new RangeError(`not a time of day: ${text}`);
  return value;
}

/** Eight days of minutes, the eighth for holidays: the number of the band + 1; 0 = none. */
function tableOf(bands: readonly TimeBand[]): Uint8Array {
  const table = new Uint8Array(8 * minutes);
  const put = (day: number, from: number, to: number, band: number): void => {
    for (let at = from; at < to; at++) table[day * minutes + at] ||= band;
  };
  if (bands.length > 250) throw new RangeError(`at most 250 time bands, not ${bands.length}`);
  bands.forEach(({ days, from, to }, index) => {
    const start = minuteOf(from);
    const end = minuteOf(to);
    for (const day of days) {
      if (!Number.isInteger(day) || day < 1 || day > 8) throw new RangeError(`not a day, 1 to 8: ${day}`);
      put(day - 1, start, end > start ? end : minutes, index + 1);
      // A holiday's night runs into whatever day follows: it is not known here, so it ends at midnight.
      if (end <= start && day !== 8) put(day % 7, 0, end, index + 1);
    }
  });
  return table;
}

/** For each minute of the table the first later minute of its day with another band; 1440 = none. */
function changesOf(table: Uint8Array): Int16Array {
  const changes = new Int16Array(table.length);
  for (let at = table.length - 1; at >= 0; at--) {
    const last = at % minutes === minutes - 1;
    changes[at] = last ? minutes : table[at + 1] === table[at] ? changes[at + 1]! : (at % minutes) + 1;
  }
  return changes;
}

/**
 * The clock of a calendar. RangeError for a band, a date or a zone that is none; an instant of no band has the empty name.
 * @example
 * const clock = newBandClock({ timeZone: 'UTC', holidays: [], bands: [{ name: 'peak', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }] });
 * clock.at(Date.UTC(2026, 10, 20, 8)) // 'peak'
 */
export function newBandClock({ timeZone, bands, holidays }: BandCalendar): BandClock {
  const offsetAt: OffsetAt = offsetsOf(timeZone);
  const table = tableOf(bands);
  const named = bands.some(({ days }) => days.includes(holiday + 1));
  const free = new Set(named ? holidays.map(dayOfDate) : []);
  const changes = changesOf(table);
  const dayAt = (local: number): number => (free.size > 0 && free.has(dayNumber(local)) ? holiday : weekday(local));
  const codeAt = (instant: number): number => {
    const local = instant + offsetAt(instant);
    return table[dayAt(local) * minutes + minuteOfDay(local)]!;
  };
  const nameOf = (code: number): string => (code === 0 ? '' : bands[code - 1]!.name);
  return {
    at: bands.length === 0 ? () => '' : (instant) => nameOf(codeAt(instant)),
    until(instant) {
      const end = instant + 2 * minutes * minuteMs;
      if (bands.length === 0) return end;
      const code = codeAt(instant);
      let at = instant;
      while (at < end) {
        const local = at + offsetAt(at);
        const next = at + (changes[dayAt(local) * minutes + minuteOfDay(local)]! - minuteOfDay(local)) * minuteMs - (local % minuteMs);
        // Where the clock is changed in between, the way is taken quarter by quarter of an hour.
        const steady = offsetAt(next) === offsetAt(at);
        at = steady ? next : Math.min(next, (Math.floor(at / quarterHourMs) + 1) * quarterHourMs);
        if (codeAt(at) !== code) return at;
      }
      return end;
    },
  };
}
