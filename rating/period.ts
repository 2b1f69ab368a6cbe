/** Billing periods: days or months by the clock of a time zone. */
import { dayNumber, type OffsetAt } from './local-time.ts';

/** Consecutive number of the period that an instant lies in: days since 1970, or months since 1970 counted from the anchor day. */
export function periodNumber(instant: number, period: 'day' | 'month', anchorDay: number, offsetAt: OffsetAt): number {
  const local = instant + offsetAt(instant);
  if (period === 'day') return dayNumber(local);
  const date = new Date(local);
  const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return date.getUTCDate() < anchorDay ? months - 1 : months;
}
