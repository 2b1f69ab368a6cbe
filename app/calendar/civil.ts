/** Days as the calendar on the wall has them: a local time is written as the ms that the same clock reading has in UTC. */
import type { Zone } from '../../ingest/decode/zone.ts';

export const dayMs = 86_400_000;

/** A stretch of one local day, by the local clock, and the weekday it is like: 0 Sunday … 6 Saturday, or any workday. */
export interface CivilSpan {
  readonly from: number;
  readonly to: number;
  readonly like: number | 'workday';
  readonly name: string;
}

/**
 * A date as local midnight; undefined when there is no such day.
 * @example civilDate('2026-02-30') // undefined
 */
export function civilDate(text: string): number | undefined {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}

/** Local midnights from the first to the last day. */
export function daysBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / dayMs) + 1 }, (_, at) => first + at * dayMs);
}

/**
 * The local midnight that begins the day whose midnight a source stated as an instant. Half a day is added first, so that a source which
 * is wrong by an hour, or states midnight UTC, still means the same day.
 */
export function civilDay(midnight: number, zone: Zone): number {
  const noon = midnight + dayMs / 2;
  return Math.floor(localOf(noon, zone) / dayMs) * dayMs;
}

/**
 * What the local clock shows at an instant, as ms; in the hour that a change of the clock repeats, its first reading.
 * @example localOf(0, zoneNamed('+02:00')) // 7200000
 */
export function localOf(instant: number, zone: Zone): number {
  zone.toUtc(instant);
  const near = instant + zone.offsetMinutes * 60_000;
  zone.toUtc(near);
  return instant + zone.offsetMinutes * 60_000;
}

const weekdays: Readonly<Record<string, number | 'workday'>> = { sunday: 0, friday: 5, saturday: 6, workday: 'workday' };

/** Weekday of a word of the settings. @example weekdayNamed('saturday') // 6 */
export function weekdayNamed(word: 'sunday' | 'saturday' | 'workday'): number | 'workday';
export function weekdayNamed(word: string): number | 'workday' | undefined;
export function weekdayNamed(word: string): number | 'workday' | undefined {
  return Object.hasOwn(weekdays, word) ? weekdays[word] : undefined;
}

/**
 * In how many days the weekday comes that a local day is like; 0 when the day is one.
 * @param local local clock as ms
 * @example likeDay(Date.UTC(2026, 4, 14), 0) // 3
 */
export function likeDay(local: number, like: number | 'workday'): number {
  const weekday = new Date(local).getUTCDay();
  if (like !== 'workday') return (like - weekday + 7) % 7;
  return weekday === 0 ? 1 : weekday === 6 ? 2 : 0;
}
