/** Public holidays of the place: those of the United States that most people keep. */
import { day } from './instant.ts';

const fixed: Readonly<Record<string, string>> = {
  '01-01': "New Year's Day",
  '07-04': 'Independence Day',
  '12-25': 'Christmas Day',
};

const remembered = new Map<number, string | undefined>();

/**
 * Name of the holiday on a day, if it is one.
 * @param dayNumber days since 1970 by the calendar of the place.
 * @example holidayOf(Date.UTC(2026, 10, 26) / 86_400_000) // 'Thanksgiving Day'
 */
export function holidayOf(dayNumber: number): string | undefined {
  if (remembered.has(dayNumber)) return remembered.get(dayNumber);
  const date = new Date(dayNumber * day);
  const [month, ofMonth, ofWeek] = [date.getUTCMonth(), date.getUTCDate(), date.getUTCDay()];
  const name =
    fixed[date.toISOString().slice(5, 10)] ??
    (month === 4 && ofWeek === 1 && ofMonth > 24 ? 'Memorial Day' : undefined) ??
    (month === 8 && ofWeek === 1 && ofMonth <= 7 ? 'Labor Day' : undefined) ??
    (month === 10 && ofWeek === 4 && ofMonth > 21 && ofMonth <= 28 ? 'Thanksgiving Day' : undefined);
  remembered.set(dayNumber, name);
  return name;
}
