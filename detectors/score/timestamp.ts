const PLAIN = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const DATE = /^\d{4}[-/]\d{2}[-/]\d{2}$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Epoch seconds of a timestamp as it stands in a CSV: ISO 8601 with or without offset (UTC without), a date, or a number of seconds, milliseconds (from
 * 10^11) or microseconds (from 10^14) since 1970.
 * @returns NaN for what is none of these
 * @example
 * timestampSeconds('2014-07-01 00:30:00'); // => 1404174600
 */
export function timestampSeconds(text: string): number {
  const trimmed = text.trim();
  if (trimmed.length > 40) return Number.NaN;
  if (NUMBER.test(trimmed)) {
    const number = Number(trimmed);
    const size = Math.abs(number);
    return size >= 1e14 ? number / 1e6 : size >= 1e11 ? number / 1e3 : number;
  }
  if (DATE.test(trimmed)) return Date.parse(`${trimmed.replaceAll('/', '-')}T00:00:00Z`) / 1000;
  if (PLAIN.test(trimmed)) return Date.parse(`${trimmed.replace(' ', 'T')}Z`) / 1000;
  return Date.parse(trimmed) / 1000;
}
