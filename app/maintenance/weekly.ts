/** Work that comes again every week, by the clock of the operator: `sun 02:00-04:00`. */
import type { Zone } from '../../ingest/decode/zone.ts';
import { dayMs, localOf } from '../calendar/civil.ts';

/** When it is, by weekday and minute of the local day. */
export interface Weekly {
  /** 0 Sunday … 6 Saturday: the day on which it begins. */
  readonly days: ReadonlySet<number>;
  readonly fromMinute: number;
  /** Beyond 1440 it ends on the next day. */
  readonly toMinute: number;
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minuteMs = 60_000;
const form = /^(\S+) (\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

/** Local days looked at: a week, the day before it and the day after. */
const mostDays = 9;

/**
 * What the settings say, which their schema has checked; undefined when it is not of that form. An end that is not after the start is on
 * the next day.
 * @example parseWeekly('fri-sun 23:30-01:00') // { days: new Set([5, 6, 0]), fromMinute: 1410, toMinute: 1500 }
 */
export function parseWeekly(text: string): Weekly | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const days = match[1] === 'daily' ? [0, 1, 2, 3, 4, 5, 6] : match[1]!.split(',').flatMap(rangeOf);
  if (days.length === 0 || days.includes(-1)) return undefined;
  const fromMinute = Number(match[2]) * 60 + Number(match[3]);
  const toMinute = Number(match[4]) * 60 + Number(match[5]);
  return { days: new Set(days), fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + 1440 };
}

/** Weekdays of `mon` or `fri-mon`; -1 for a name that is none. */
function rangeOf(text: string): readonly number[] {
  const [first, last = first] = text.split('-').map((name) => names.indexOf(name));
  if (first === undefined || last === undefined || first < 0 || last < 0) return [-1];
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, at) => (first + at) % 7);
}

/**
 * Whether it is going on at any time of [from, to); an empty window stands for its first instant. Where the clock changes, the local
 * times hold: a window within a skipped hour is empty, one around a repeated hour is longer.
 * @param from ms since 1970 UTC
 */
export function weeklyOverlaps({ days, fromMinute, toMinute }: Weekly, from: number, to: number, zone: Zone): boolean {
  const end = Math.max(to, from + 1);
  const first = Math.floor(localOf(from, zone) / dayMs) - 1;
  const last = Math.min(Math.floor(localOf(end, zone) / dayMs) + 1, first + mostDays);
  for (let day = first; day <= last; day++) {
    if (!days.has(new Date(day * dayMs).getUTCDay())) continue;
    const starts = zone.toUtc(day * dayMs + fromMinute * minuteMs);
    const ends = zone.toUtc(day * dayMs + toMinute * minuteMs);
    if (starts < ends && starts < end && ends > from) return true;
  }
  return false;
}
