/** Public and bank holidays of a country, out of date-holidays: the only file that knows the library. */
import { createRequire } from 'node:module';
import type { default as Holidays, HolidaysTypes } from 'date-holidays';
import { WeirError } from '../../core/errors.ts';
import { type CivilSpan, dayMs, weekdayNamed } from './civil.ts';

/** Holidays of a year by the local clock, cut at midnight. */
export type HolidaySource = (year: number) => readonly CivilSpan[];

export interface HolidayPlace {
  /** ISO 3166 alpha-2; empty = no holidays. */
  readonly country: string;
  /** State or province, and a part of it after a slash; empty = what holds in the whole country. */
  readonly region: string;
  readonly timeZone: string;
  /** The setting that named the place; undefined = the country is not asked for its holidays, so one that is not known has none. */
  readonly place: string | undefined;
}

type Library = new (country?: string, state?: string, region?: string, options?: object) => Holidays;

let library: Library | undefined;

/** Loaded when the first calendar of a country is made: a fifth of a second that no other command should pay. */
function loadLibrary(): Library {
  library ??= createRequire(import.meta.url)('date-holidays') as Library;
  return library;
}

/** Zones are ours alone: within the library everything happens in UTC, which reads as the local clock. */
const options = { types: ['public', 'bank'], languages: ['en'], timezone: 'UTC' };

/**
 * The holidays of a place, year by year.
 * @throws WeirError config_invalid for a country or region that is not known and was asked for
 */
export function holidaysOf({ country, region, place }: HolidayPlace): HolidaySource {
  if (country === '') {
    if (region === '') return () => [];
    throw new WeirError('config_invalid', `${place}: a region needs its country`, {
      place: place ?? 'country',
      hint: 'Set country beside it.',
    });
  }
  const Library = loadLibrary();
  const known = new Library().getCountries();
  if (!Object.hasOwn(known, country)) {
    if (place === undefined) return () => [];
    throw new WeirError('config_invalid', `${place}: no holidays are known of ${country}`, {
      place,
      hint: `Name the days yourself under days. Known: ${Object.keys(known).join(', ')}`,
    });
  }
  const [state = '', part = ''] = region.split('/');
  checkRegion(new Library(), country, state, part, place ?? 'country');
  const holidays = new Library(country, state, part, options);
  const rest = restDay(holidays);
  return (year) => holidays.getHolidays(year).flatMap((holiday) => civilDays(holiday, rest));
}

function checkRegion(all: Holidays, country: string, state: string, part: string, place: string): void {
  const wrong = (text: string, known: Readonly<Record<string, string>> | undefined): never => {
    throw new WeirError('config_invalid', `${place}: ${country} has no region ${text}`, {
      place,
      hint: `Known: ${Object.keys(known ?? {}).join(', ') || 'none'}`,
    });
  };
  if (state === '') return;
  const states = all.getStates(country);
  if (!Object.hasOwn(states ?? {}, state)) wrong(state, states);
  if (part === '') return;
  const regions = all.getRegions(country, state);
  if (!Object.hasOwn(regions ?? {}, part)) wrong(`${state}/${part}`, regions);
}

/** The weekday on which the country rests: the library words it in several ways, and Sunday where it does not say. */
function restDay(holidays: Holidays): number | 'workday' {
  const word = String(holidays.getDayOff() ?? '').toLowerCase();
  return word === 'friday' || word === 'saturday' ? weekdayNamed(word)! : weekdayNamed('sunday');
}

/**
 * A holiday as stretches of local days. Feasts that begin at sunset carry an offset in their date (-0600: six hours before midnight); they
 * are taken as the civil days after it, which is when work and traffic rest.
 */
function civilDays({ date, start, end, name }: HolidaysTypes.Holiday, like: number | 'workday'): readonly CivilSpan[] {
  const shift = /([+-])(\d{2})(\d{2})$/.exec(date.slice(10));
  const minutes = shift ? (Number(shift[2]) * 60 + Number(shift[3])) * (shift[1] === '-' ? 1 : -1) : 0;
  const from = start.getTime() + minutes * 60_000;
  const to = end.getTime() + minutes * 60_000;
  const spans: CivilSpan[] = [];
  for (let at = from; at < to; at = (Math.floor(at / dayMs) + 1) * dayMs)
    spans.push({ from: at, to: Math.min(to, (Math.floor(at / dayMs) + 1) * dayMs), like, name });
  return spans;
}
