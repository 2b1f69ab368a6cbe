/** Billing periods: days or months by the clock of a time zone. */
import { dayNumber, instantOfLocal, type OffsetAt } from './local-time.ts';

const dayMs = 86_400_000;

/** Consecutive number of the period that an instant lies in: days since 1970, or months since 1970 counted from the anchor day. */
export function periodNumber(instant: number, period: 'day' | 'month', anchorDay: number, offsetAt: OffsetAt): number {
  const local = instant + offsetAt(instant);
  if (period === 'day') return dayNumber(local);
  const date = new Date(local);
  const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return date.getUTCDate() < anchorDay ? months - 1 : months;
}

/** First instant of a period. @see periodNumber */
export function periodStart(number: number, period: 'day' | 'month', anchorDay: number, offsetAt: OffsetAt): number {
  const local = period === 'day' ? number * dayMs : Date.UTC(1970 + Math.floor(number / 12), ((number % 12) + 12) % 12, anchorDay);
  return instantOfLocal(local, offsetAt);
}
