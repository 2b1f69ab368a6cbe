/** The clock of a time zone: offset, weekday and minute of the day at an instant, fast enough for every record. */

const quarterHourMs = 900_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Offsets of a time zone from UTC, in ms; positive = east. */
export type OffsetAt = (instant: number) => number;

/** Offsets remembered before all are forgotten: a year of quarter hours. */
const mostRemembered = 40_000;

/**
 * The offset of an IANA time zone. Asked once per quarter of an hour, since every change of every zone falls on one. RangeError when there
 * is no such zone.
 * @example offsetsOf('Europe/Berlin')(Date.UTC(2026, 6, 1)) // 7200000
 */
export function offsetsOf(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (instant) => {
    const quarter = Math.floor(instant / quarterHourMs);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const at = quarter * quarterHourMs;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    const local = Date.UTC(part['year']!, part['month']! - 1, part['day']!, part['hour']!, part['minute']!, part['second']!);
    if (known.size >= mostRemembered) known.clear();
    known.set(quarter, local - at);
    return local - at;
  };
}

/** Days since 1970 of a local instant. */
export const dayNumber = (local: number): number => Math.floor(local / dayMs);

/** Minute of the local day, 0 to 1439. */
export const minuteOfDay = (local: number): number => Math.floor((local - dayNumber(local) * dayMs) / minuteMs);

/** 0 Monday to 6 Sunday. 1970-01-01 was a Thursday. */
export const weekday = (local: number): number => (((dayNumber(local) + 3) % 7) + 7) % 7;

/**
 * Days since 1970 of a date; RangeError when there is no such day.
 * @example dayOfDate('1970-01-02') // 1
 */
export function dayOfDate(date: string): number {
  const instant = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !Number.isFinite(instant) || new Date(instant).toISOString().slice(0, 10) !== date)
    throw new RangeError(`not a date: ${date}`);
  return instant / dayMs;
}
