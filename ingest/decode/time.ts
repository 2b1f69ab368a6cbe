/** Times out of bytes by own code: `Date.parse` accepts what it should not and costs ten times as much. */
import { type Zone, zoneNamed } from './zone.ts';

/** Reads times of one format in one zone. */
export interface TimeReader {
  /** Milliseconds since 1970 UTC; NaN when the bytes are not a time of the format, or an impossible one. */
  read(bytes: Uint8Array, start: number, end: number): number;
  /** Offset from UTC of the last time read, in minutes: the one it states, or that of the zone. */
  offsetMinutes: number;
}

const msPerMinute = 60_000;
const msPerDay = 86_400_000;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A reader of the format: `iso`, `epoch`, `epochMs`, `epochUs`, `epochNs`, or a pattern. Undefined when either is not known.
 *
 * `iso` takes `YYYY-MM-DD`, with `/` or `.` too, followed by `T` or a blank and `hh:mm[:ss[.f…]]`, followed by `Z` or an offset; and the
 * compact `YYYYMMDD[T]hhmm[ss]`. In a pattern, `D`, `M`, `h` without doubling take one or two digits, `fff` any number of
 * digits after the point, `a` AM or PM, `Z` an offset, `[…]` is optional up to the end.
 * @example timeReader('iso', 'UTC')?.read(Buffer.from('1970-01-01 00:01'), 0, 16) // 60000
 * @example timeReader('DD.MM.YYYY hh:mm', '+01:00')?.read(Buffer.from('01.01.1970 01:01'), 0, 16) // 60000
 */
export function timeReader(format: string, timeZone: string): TimeReader | undefined {
  const zone = zoneNamed(timeZone);
  if (!zone) return undefined;
  const decimals = { epoch: 3, epochMs: 0, epochUs: -3, epochNs: -6 }[format];
  if (decimals !== undefined) return epochReader(decimals, zone);
  if (format === 'iso') return new IsoReader(zone);
  const steps = compilePattern(format);
  return steps && new PatternReader(steps, zone);
}

/** Latest instant the tables can hold. */
const latest = Date.UTC(2299, 11, 31);

/** @param shift decimal places between the unit and milliseconds */
function epochReader(shift: number, zone: Zone): TimeReader {
  return {
    offsetMinutes: zone.offsetMinutes,
    read(bytes, start, end) {
      let at = start;
      let value = 0;
      let decimals = 0;
      let seen = false;
      if (end - start > 24 || start >= end) return Number.NaN;
      for (; at < end; at++) {
        const digit = bytes[at]! - 48;
        if (digit >= 0 && digit <= 9) {
          // Beyond 15 digits a double would lose the milliseconds; what is finer than them is cut.
          if (value < 1e15) {
            value = value * 10 + digit;
            if (seen) decimals++;
          } else if (!seen) decimals--;
        } else if (bytes[at] === 46 && !seen && at > start) seen = true;
        else return Number.NaN;
      }
      const exponent = shift - decimals;
      const ms = exponent >= 0 ? value * 10 ** exponent : Math.floor(value / 10 ** -exponent);
      return ms <= latest ? ms : Number.NaN;
    },
  };
}

/** Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms"); NaN when there is no such date. */
function civilDays(year: number, month: number, day: number): number {
  if (year < 1900 || year > 2299 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > daysOfMonth[month - 1]! + (leap ? 1 : 0)) return Number.NaN;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function two(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 48;
  const low = bytes[at + 1]! - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

class IsoReader implements TimeReader {
  offsetMinutes = 0;
  readonly #zone: Zone;
  #date = 0;
  #days = 0;

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 8) return Number.NaN;
    const separator = bytes[start + 4]!;
    const compact = separator >= 48 && separator <= 57;
    const year = two(bytes, start) * 100 + two(bytes, start + 2);
    let month: number;
    let day: number;
    let at: number;
    if (compact) {
      month = two(bytes, start + 4);
      day = two(bytes, start + 6);
      at = start + 8;
    } else {
      if ((separator !== 45 && separator !== 47 && separator !== 46) || bytes[start + 7] !== separator || end - start < 10)
        return Number.NaN;
      month = two(bytes, start + 5);
      day = two(bytes, start + 8);
      at = start + 10;
    }
    const date = year * 10_000 + month * 100 + day;
    if (date !== this.#date) {
      this.#days = civilDays(year, month, day);
      this.#date = date;
    }
    const midnight = this.#days * msPerDay;
    return at === end ? this.#local(midnight) : this.#withTime(bytes, at, end, midnight, compact);
  }

  #withTime(bytes: Uint8Array, from: number, end: number, midnight: number, compact: boolean): number {
    let at = from;
    if (bytes[at] === 84 || bytes[at] === 32 || bytes[at] === 116) at++;
    else if (!compact) return Number.NaN;
    const hour = two(bytes, at);
    at += 2;
    if (!compact && bytes[at++] !== 58) return Number.NaN;
    const min = at + 2 <= end ? two(bytes, at) : Number.NaN;
    at += 2;
    let second = 0;
    if (at < end && (compact ? bytes[at]! >= 48 && bytes[at]! <= 57 : bytes[at] === 58)) {
      if (!compact) at++;
      second = at + 2 <= end ? two(bytes, at) : Number.NaN;
      at += 2;
    }
    if (!(hour <= 23 && min <= 59 && second <= 60)) return Number.NaN;
    let ms = 0;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at;
      let weight = 100;
      for (; at < end; at++) {
        const digit = bytes[at]! - 48;
        if (!(digit >= 0 && digit <= 9)) break;
        ms += digit * weight;
        weight = weight > 1 ? weight / 10 : 0;
      }
      if (at === first || at - first > 12) return Number.NaN;
    }
    // A leap second is counted as the first instant of the next minute.
    const local = midnight + (hour * 3600 + min * 60 + second) * 1000 + ms;
    if (at === end) return this.#local(local);
    const offset = readOffset(bytes, at, end);
    this.offsetMinutes = offset;
    return local - offset * msPerMinute;
  }

  #local(local: number): number {
    if (Number.isNaN(local)) return local;
    const utc = this.#zone.toUtc(local);
    this.offsetMinutes = this.#zone.offsetMinutes;
    return utc;
  }
}

/** `Z`, `+hh`, `+hhmm`, `+hh:mm` up to `end`, with a blank before it or not; NaN otherwise. */
function readOffset(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  if (bytes[at] === 32) at++;
  if ((bytes[at] === 90 || bytes[at] === 122) && at + 1 === end) return 0;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : 0;
  if (sign === 0 || end - at < 3) return Number.NaN;
  const hours = two(bytes, at + 1);
  at += 3;
  if (bytes[at] === 58 && at < end) at++;
  let minutes = 0;
  if (at !== end) {
    if (end - at !== 2) return Number.NaN;
    minutes = two(bytes, at);
  }
  return hours <= 18 && minutes <= 59 ? sign * (hours * 60 + minutes) : Number.NaN;
}

type Step =
  | readonly [
      kind: 'year4' | 'year2' | 'month' | 'monthName' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'offset' | 'half' | 'optional',
      loose: boolean,
    ]
  | number;

const tokens: readonly (readonly [text: string, step: Step])[] = [
  ['YYYY', ['year4', false]],
  ['YY', ['year2', false]],
  ['MMM', ['monthName', false]],
  ['MM', ['month', false]],
  ['M', ['month', true]],
  ['DD', ['day', false]],
  ['D', ['day', true]],
  ['hh', ['hour', false]],
  ['h', ['hour', true]],
  ['mm', ['minute', false]],
  ['ss', ['second', false]],
  ['fff', ['fraction', false]],
  ['Z', ['offset', false]],
  ['a', ['half', false]],
];

/** The steps of a pattern; undefined when it holds no full date. */
function compilePattern(pattern: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const kinds = new Set<string>();
  for (let at = 0; at < pattern.length; ) {
    if (pattern[at] === ']') {
      at++;
      continue;
    }
    if (pattern[at] === '[') {
      steps.push(['optional', false]);
      at++;
      continue;
    }
    const token = tokens.find(([text]) => pattern.startsWith(text, at));
    if (token) {
      steps.push(token[1]);
      kinds.add((token[1] as readonly [string, boolean])[0]);
      at += token[0].length;
      continue;
    }
    const byte = pattern.charCodeAt(at++);
    if (byte > 126 || (byte >= 65 && byte <= 90 && byte !== 84) || (byte >= 97 && byte <= 122)) return undefined;
    steps.push(byte);
  }
  const dated = (kinds.has('year4') || kinds.has('year2')) && (kinds.has('month') || kinds.has('monthName')) && kinds.has('day');
  return dated ? steps : undefined;
}

class PatternReader implements TimeReader {
  offsetMinutes = 0;
  readonly #steps: readonly Step[];
  readonly #zone: Zone;

  constructor(steps: readonly Step[], zone: Zone) {
    this.#steps = steps;
    this.#zone = zone;
  }

  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let [year, month, day, hour, min, second, ms] = [0, 0, 0, 0, 0, 0, 0];
    let afternoon = -1;
    let offset = Number.NaN;
    let stated = false;
    for (const step of this.#steps) {
      if (typeof step === 'number') {
        if (at >= end || bytes[at++] !== step) return Number.NaN;
        continue;
      }
      const [kind, loose] = step;
      if (kind === 'optional') {
        if (at === end) break;
        continue;
      }
      if (kind === 'offset') {
        offset = readOffset(bytes, at, end);
        stated = true;
        at = end;
        continue;
      }
      if (kind === 'monthName') {
        if (at + 3 > end) return Number.NaN;
        month = 1 + monthNames.indexOf(String.fromCharCode(bytes[at]! | 32, bytes[at + 1]! | 32, bytes[at + 2]! | 32));
        at += 3;
        continue;
      }
      if (kind === 'half') {
        const letter = bytes[at]! | 32;
        if (at + 2 > end || (letter !== 97 && letter !== 112) || (bytes[at + 1]! | 32) !== 109) return Number.NaN;
        afternoon = letter === 112 ? 1 : 0;
        at += 2;
        continue;
      }
      const most = kind === 'year4' ? 4 : kind === 'fraction' ? 12 : 2;
      const first = at;
      let value = 0;
      let weight = 100;
      for (; at < end && at - first < most; at++) {
        const digit = bytes[at]! - 48;
        if (!(digit >= 0 && digit <= 9)) break;
        if (kind === 'fraction') {
          value += digit * weight;
          weight = weight > 1 ? weight / 10 : 0;
        } else value = value * 10 + digit;
      }
      if (at === first || (!loose && kind !== 'fraction' && at - first !== most)) return Number.NaN;
      if (kind === 'year4') year = value;
      else if (kind === 'year2') year = value < 70 ? 2000 + value : 1900 + value;
      else if (kind === 'month') month = value;
      else if (kind === 'day') day = value;
      else if (kind === 'hour') hour = value;
      else if (kind === 'minute') min = value;
      else if (kind === 'second') second = value;
      else ms = value;
    }
    if (at !== end) return Number.NaN;
    if (afternoon >= 0) {
      if (hour < 1 || hour > 12) return Number.NaN;
      hour = (hour % 12) + afternoon * 12;
    }
    if (!(hour <= 23 && min <= 59 && second <= 60)) return Number.NaN;
    const local = civilDays(year, month, day) * msPerDay + (hour * 3600 + min * 60 + second) * 1000 + ms;
    if (stated) {
      this.offsetMinutes = offset;
      return local - offset * msPerMinute;
    }
    if (Number.isNaN(local)) return local;
    const utc = this.#zone.toUtc(local);
    this.offsetMinutes = this.#zone.offsetMinutes;
    return utc;
  }
}
