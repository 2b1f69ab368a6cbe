/** Times as text, fast: the day part is remembered, the rest comes from tables. */

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

const two = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(2, '0'));
/** 'hh:mm:' of each minute of a day. */
const clocks = Array.from({ length: 1440 }, (_, n) => `${two[Math.floor(n / 60)]}:${two[n % 60]}:`);
/** 'ss.mmm' of each ms of a minute, made when first needed. */
let fractions: readonly string[] = [];

function makeFractions(): readonly string[] {
  return Array.from({ length: minute }, (_, n) => `${two[Math.floor(n / 1000)]}.${`${n % 1000}`.padStart(3, '0')}`);
}

let rememberedDay = Number.NaN;
let rememberedText = '';

function dayText(dayNumber: number): string {
  if (dayNumber !== rememberedDay) {
    rememberedDay = dayNumber;
    rememberedText = new Date(dayNumber * day).toISOString().slice(0, 11);
  }
  return rememberedText;
}

/**
 * Suffix of an offset from UTC.
 * @example offsetText(-300) // '-05:00'
 */
export function offsetText(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${two[Math.floor(size / 60)]}:${two[size % 60]}`;
}

/**
 * ISO 8601 with milliseconds and the offset of the place.
 * @param suffix `offsetText(offsetMinutes)`, made once by the caller.
 * @example isoText(0, -300, '-05:00') // '1969-12-31T19:00:00.000-05:00'
 */
export function isoText(instant: number, offsetMinutes: number, suffix: string): string {
  const local = instant + offsetMinutes * minute;
  const dayNumber = Math.floor(local / day);
  const ms = local - dayNumber * day;
  const minutes = Math.floor(ms / minute);
  if (fractions.length === 0) fractions = makeFractions();
  return dayText(dayNumber) + clocks[minutes] + fractions[ms - minutes * minute] + suffix;
}

/**
 * UTC stamp for a file name.
 * @example stampText(0) // '19700101T000000'
 */
export function stampText(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '');
}
