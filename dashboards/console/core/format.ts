/** Figures, money and times in words. Times are UTC. */

const locale = 'en-GB';
const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const six = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
// The en-GB of some browsers writes a million as m.
const compact = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' });

type Figure = number | string | null | undefined;

const missing = (value: Figure): boolean => value === null || value === undefined || value === '' || !Number.isFinite(Number(value));

/** @example count(1234567) // '1,234,567' */
export const count = (value: Figure): string => (missing(value) ? '–' : integer.format(Number(value)));

/** @example number(0.123456789) // '0.123457' */
export const number = (value: Figure): string => (missing(value) ? '–' : six.format(Number(value)));

/**
 * Three digits are enough of what was worked out.
 * @example figure(1234.5) // '1,235'
 * @example figure(1234567) // '1.23M'
 */
export function figure(value: Figure): string {
  if (missing(value)) return '–';
  const size = Math.abs(Number(value));
  if (size >= 1e6) return compact.format(Number(value));
  return size >= 100 ? integer.format(Number(value)) : three.format(Number(value));
}

/** @example percent(0.1234) // '12.3 %' */
export const percent = (share: Figure): string => (missing(share) ? '–' : `${three.format(Math.round(Number(share) * 1000) / 10)} %`);

/**
 * @example money('1234.5', 'EUR') // '1,234.50 EUR'
 * @example money(null, 'EUR') // '–'
 */
export function money(amount: Figure, currency: string): string {
  if (missing(amount)) return '–';
  return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Number(amount))} ${currency}`.trim();
}

/**
 * An amount that has to fit into a list: cents only where they matter.
 * @example shortMoney('1234.5', 'EUR') // '1,235 EUR'
 */
export function shortMoney(amount: Figure, currency: string): string {
  if (missing(amount)) return '–';
  const value = Number(amount);
  return Math.abs(value) < 100
    ? money(value, currency)
    : `${Math.abs(value) >= 1e7 ? compact.format(value) : integer.format(value)} ${currency}`.trim();
}

/**
 * Between which amounts it lies; nothing where both are written the same, which says no more than the amount itself.
 * @example moneyRange('1.5', '2', 'EUR') // 'between 1.50 and 2.00 EUR'
 * @example moneyRange('1.891', '1.892', 'EUR') // ''
 */
export function moneyRange(low: Figure, high: Figure, currency: string): string {
  if (missing(low) || missing(high)) return '';
  const [from, to] = [money(low, ''), money(high, '')];
  return from === to ? '' : `between ${from} and ${money(high, currency)}`;
}

const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });

/** @example instant('2026-11-21T10:00:00Z') // '21 Nov 2026, 10:00 UTC' */
export const instant = (text: string): string => `${full.format(new Date(text))} UTC`;

/** @example dayOf('2026-11-21T10:00:00Z') // '21 Nov 2026' */
export const dayOf = (text: string): string => day.format(new Date(text));

/**
 * How long ago, in the two units that matter.
 * @example ago('2026-11-21T10:00:00Z', Date.parse('2026-11-21T12:05:00Z')) // '2 h 5 min'
 */
export function ago(text: string, now: number = Date.now()): string {
  const seconds = Math.floor((now - Date.parse(text)) / 1000);
  return seconds < 60 ? 'just now' : duration(seconds);
}

/** @example duration(7500) // '2 h 5 min' */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.floor(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A figure with its unit; ratios as percent.
 * @example withUnit(0.5, 'ratio') // '50 %'
 * @example withUnit(12.345, 'ms') // '12.3 ms'
 * @example withUnit(1, 'files') // '1 file'
 */
export function withUnit(value: Figure, unit: string): string {
  if (unit === 'ratio') return percent(value);
  const text = Number.isInteger(Number(value)) ? count(value) : figure(value);
  if (unit === '' || text === '–') return text;
  return `${text} ${text === '1' && counted.has(unit) ? unit.slice(0, -1) : unit}`;
}

/** Units of which one is said otherwise than several. */
const counted = new Set([
  'records',
  'files',
  'customers',
  'readings',
  'steps',
  'seconds',
  'devices',
  'calls',
  'messages',
  'numbers',
  'orders',
]);

const severities = ['', 'Critical', 'Major', 'Minor', 'Warning', 'Info'];
/** @example severityName(1) // 'Critical' */
export const severityName = (severity: number): string => severities[severity] ?? String(severity);

/** @example wordOf('in_progress') // 'In progress' */
export const wordOf = (name: string): string => {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
