/**
 * Which days are not ordinary, and what they are like. A day that is like another weekday is judged against the profile of that weekday:
 * a holiday on a Thursday against Sundays.
 *
 * Days come from three places; where they disagree the first one wins: days of the settings, rows of the reference kind `calendar_day`,
 * public and bank holidays of a country (library date-holidays, docs/decisions/0010-calendars.md).
 */
import { WeirError } from '../../core/errors.ts';
import type { CalendarSettings, Settings } from '../../core/settings/index.ts';
import { type Zone, zoneNamed } from '../../ingest/decode/zone.ts';
import { type CivilSpan, civilDate, civilDay, dayMs, daysBetween, likeDay, weekdayNamed } from './civil.ts';
import { type HolidaySource, holidaysOf } from './holidays.ts';
import type { CalendarDayRow } from './reference.ts';

/** What a day that is not ordinary is like. */
export interface SpecialDay {
  /** Today behaves like the weekday so many days later, 1 to 6: a holiday on a Thursday has 3, the coming Sunday. */
  readonly likeDay: number;
  readonly name: string;
}

export interface Calendars {
  /**
   * What the local day of an instant is like; undefined when it is ordinary, also for a holiday that falls on a day it would be like.
   * Some 90 ns once the year is known (two million random instants of a year, median of five). A calendar of that name that does not exist is a bug and throws; see `names`.
   * @param instant ms since 1970 UTC
   */
  dayOf(name: string, instant: number): SpecialDay | undefined;
  /** Calendars there are; `home` always is. */
  readonly names: readonly string[];
}

/** What is special from one instant to another. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly special: SpecialDay;
}

interface Year {
  readonly from: number;
  readonly to: number;
  /** Without overlaps, in order. */
  readonly spans: readonly Span[];
}

/** Most days of one own range: more is a mistake, not a holiday. */
const longestRange = 400;
/** Years kept per calendar. */
const mostYears = 30;

/**
 * Calendars of the settings and of reference rows. Holidays are computed year by year when they are first asked for (about 40 ms a year
 * and a fifth of a second for the library, once).
 * @throws WeirError config_invalid for a time zone, country, region or date that does not exist
 * @example createCalendars(parseSettings('country: DE\ntimeZone: Europe/Berlin', '')).dayOf('home', Date.UTC(2026, 4, 14, 12)) // { likeDay: 3, name: 'Ascension Day' }
 */
export function createCalendars(settings: Settings, rows: readonly CalendarDayRow[] = []): Calendars {
  const zone = zoneNamed(settings.timeZone);
  if (!zone)
    throw new WeirError('config_invalid', `timeZone: there is no time zone ${settings.timeZone}`, {
      place: 'timeZone',
      hint: 'An IANA name such as Europe/Berlin, or an offset such as +02:00.',
    });
  const calendars = new Map(calendarNames(settings, rows).map((name) => [name, createCalendar(name, settings, rows, zone)]));
  return {
    names: [...calendars.keys()],
    dayOf(name, instant) {
      const calendar = calendars.get(name);
      if (!calendar) throw new Error(`no calendar is called ${name}`);
      return calendar(instant);
    },
  };
}

function calendarNames({ calendars }: Settings, rows: readonly CalendarDayRow[]): readonly string[] {
  return [...new Set(['home', ...Object.keys(calendars), ...rows.map(({ calendar }) => calendar)])];
}

const ordinary: CalendarSettings = { days: [], maintenance: [] };

function createCalendar(
  name: string,
  settings: Settings,
  rows: readonly CalendarDayRow[],
  zone: Zone,
): (instant: number) => SpecialDay | undefined {
  const own = settings.calendars[name] ?? ordinary;
  const country = own.country ?? (name === 'home' ? settings.country : '');
  const holidays = holidaysOf({
    country,
    region: own.region ?? '',
    timeZone: settings.timeZone,
    place: own.country === undefined ? (own.region === undefined ? undefined : `calendars.${name}.region`) : `calendars.${name}`,
  });
  const stated = [...ownSpans(name, own), ...rowSpans(rows, [name, country], zone)];
  const years = new Map<number, Year>();
  let last: Year | undefined;
  const yearAt = (instant: number): Year => {
    const number = new Date(instant).getUTCFullYear();
    const known = years.get(number) ?? yearOf(number, stated, holidays, zone);
    if (years.size >= mostYears) years.clear();
    years.set(number, known);
    return known;
  };
  return (instant) => {
    if (!Number.isFinite(instant)) return undefined;
    if (!last || instant < last.from || instant >= last.to) last = yearAt(instant);
    const span = spanAt(last.spans, instant);
    return span && span.special.likeDay > 0 ? span.special : undefined;
  };
}

/** The span that holds the instant, by bisection. */
function spanAt(spans: readonly Span[], instant: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.from <= instant) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span && instant < span.to ? span : undefined;
}

function ownSpans(name: string, { days }: CalendarSettings): readonly CivilSpan[] {
  return days.flatMap(({ date, like, name: title }, at) => {
    const place = `calendars.${name}.days.${at}.date`;
    const [from, to] = typeof date === 'string' ? [date, date] : [date.from, date.to];
    const first = civilDate(from);
    const final = civilDate(to);
    if (first === undefined || final === undefined || final < first || final - first > longestRange * dayMs)
      throw new WeirError('config_invalid', `${place}: ${from}${from === to ? '' : ` to ${to}`} is not a day or a range of days`, {
        place,
        hint: `YYYY-MM-DD, the last day not before the first, at most ${longestRange} days.`,
      });
    return daysBetween(first, final).map((day) => ({ from: day, to: day + dayMs, like: weekdayNamed(like), name: title }));
  });
}

/** Reference rows that say what a day is like: `holiday`, or sunday, saturday, workday. Others say nothing that could be computed with. */
function rowSpans(rows: readonly CalendarDayRow[], names: readonly string[], zone: Zone): readonly CivilSpan[] {
  return rows.flatMap(({ calendar, day, day_type, name }) => {
    const like = weekdayNamed(day_type === 'holiday' ? 'sunday' : day_type);
    if (like === undefined || !names.includes(calendar) || calendar === '') return [];
    const local = civilDay(day, zone);
    return [{ from: local, to: local + dayMs, like, name: name || day_type }];
  });
}

/** The spans that touch a UTC year: what was stated first wins, day by day. */
function yearOf(year: number, stated: readonly CivilSpan[], holidays: HolidaySource, zone: Zone): Year {
  const from = Date.UTC(year, 0, 1);
  const to = Date.UTC(year + 1, 0, 1);
  const near = ({ from: first, to: end }: CivilSpan): boolean => end > from - 2 * dayMs && first < to + 2 * dayMs;
  const taken = new Map<number, readonly CivilSpan[]>();
  for (const group of [...stated.filter(near).map((span) => [span]), ...holidayGroups(holidays, year)]) {
    const day = Math.floor(group[0]!.from / dayMs) * dayMs;
    if (!taken.has(day)) taken.set(day, group);
  }
  const spans = [...taken.values()].flat().map((span) => ({
    from: zone.toUtc(span.from),
    to: zone.toUtc(span.to),
    special: { likeDay: likeDay(span.from, span.like), name: span.name },
  }));
  return { from, to, spans: spans.filter((span) => span.to > span.from).sort((a, b) => a.from - b.from) };
}

/** Holidays of a year and the days around it, one group per local day; of two on one day the longer one holds. */
function holidayGroups(holidays: HolidaySource, year: number): readonly (readonly CivilSpan[])[] {
  return [year - 1, year, year + 1]
    .flatMap(holidays)
    .filter(({ from, to }) => to > Date.UTC(year, 0, -1) && from < Date.UTC(year + 1, 0, 3))
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .map((span) => [span]);
}
