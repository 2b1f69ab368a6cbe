/** When people use what: shapes over the hours of the local day, by service and kind of day, with a slow drift from day to day. */
import { holidayOf } from './holidays.ts';
import { day, hour, minute } from './instant.ts';
import { draws, keyOf, normal } from './random.ts';

export const services = ['voice', 'sms', 'data'] as const;
export type Service = (typeof services)[number];

/** Share of a day's events by local hour, relative to the mean hour; each line has a mean of 1. */
const workday: { readonly [S in Service]: readonly number[] } = {
  voice: shape([4, 2, 1, 1, 1, 3, 12, 38, 72, 96, 100, 98, 92, 90, 94, 98, 102, 106, 100, 86, 66, 42, 22, 10]),
  sms: shape([8, 4, 2, 2, 2, 5, 18, 44, 70, 82, 84, 88, 92, 86, 82, 84, 90, 98, 104, 108, 104, 86, 50, 22]),
  data: shape([34, 22, 15, 12, 12, 18, 40, 66, 78, 80, 80, 82, 88, 84, 82, 84, 90, 98, 106, 114, 122, 120, 98, 62]),
};
const weekend: { readonly [S in Service]: readonly number[] } = {
  voice: shape([10, 6, 3, 2, 1, 2, 6, 14, 34, 58, 78, 88, 90, 84, 80, 82, 88, 94, 96, 88, 70, 48, 30, 18]),
  sms: shape([18, 10, 5, 3, 2, 4, 8, 18, 38, 62, 78, 86, 90, 88, 86, 88, 92, 98, 104, 106, 102, 88, 62, 34]),
  data: shape([52, 38, 26, 18, 14, 14, 20, 36, 58, 78, 88, 92, 94, 94, 94, 96, 100, 104, 110, 116, 120, 116, 100, 76]),
};
/** Events of a whole day relative to a workday; index 0 = Sunday. */
const weekday: { readonly [S in Service]: readonly number[] } = {
  voice: [0.62, 1, 1, 1.01, 1.02, 1.08, 0.74],
  sms: [0.86, 1, 1, 1, 1.02, 1.08, 0.94],
  data: [1.1, 1, 0.99, 1, 1, 1.04, 1.08],
};

function shape(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value / mean);
}

/** Day number of an instant at a place: days since 1970 by its own calendar. */
export function localDay(instant: number, offsetMinutes: number): number {
  return Math.floor((instant + offsetMinutes * minute) / day);
}

/**
 * Expected events of one hour relative to the mean hour of a workday.
 * @param instant start of the hour, UTC ms.
 * @param offsetMinutes offset of the place from UTC.
 * @param holidays whether people keep them: a holiday passes like a Sunday.
 * @param freeDays other days that pass like one, as of `localDay`.
 * @example rhythm(7, 'voice', Date.UTC(2026, 10, 18, 3), 0) < rhythm(7, 'voice', Date.UTC(2026, 10, 18, 11), 0) // true
 */
export function rhythm(
  seed: number,
  service: Service,
  instant: number,
  offsetMinutes: number,
  holidays = false,
  freeDays: readonly number[] = [],
): number {
  const dayNumber = localDay(instant, offsetMinutes);
  const kept = (holidays && holidayOf(dayNumber) !== undefined) || freeDays.includes(dayNumber);
  const dayOfWeek = kept ? 0 : (dayNumber + 4) % 7;
  const hourOfDay = Math.floor((instant + offsetMinutes * minute - dayNumber * day) / hour);
  const free = dayOfWeek === 0 || dayOfWeek === 6;
  const level = (free ? weekend : workday)[service][hourOfDay]! * weekday[service][dayOfWeek]!;
  return (
    level *
    dayEffect(seed, dayNumber) *
    Math.exp(0.04 * normal(draws(keyOf(seed, 0x484f, dayNumber * 24 + hourOfDay, services.indexOf(service)))))
  );
}

/** Days differ: weather, football. Half of yesterday's deviation stays (autoregressive by a short moving sum, so no state is needed). */
function dayEffect(seed: number, dayNumber: number): number {
  let sum = 0;
  for (let back = 0; back < 4; back++) sum += 0.5 ** back * normal(draws(keyOf(seed, 0x4441, dayNumber - back)));
  return Math.exp(0.03 * sum);
}
