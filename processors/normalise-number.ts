/**
 * Telephone numbers as sources write them, to E.164 digits. One walk over the characters and two table look-ups: no regular
 * expression, no allocation but the result. The numbering plans come from `e164-prefixes.ts`.
 *
 * Read are: + and international prefixes, trunk prefixes, tel: and sip: URIs, spaces, dashes, dots, slashes and parentheses,
 * extensions (cut off), digits of other scripts. Everything else is kept as it is: short codes, service codes, names.
 */
import { fits, longestNumber, type NumberingPlan, planOf, planOfDigits } from './e164.ts';

/** What a number turned out to be. */
export type NumberForm = 'e164' | 'digits' | 'name' | 'anonymous' | 'empty';

/** The result; one object, reused by the next call. */
export interface NormalisedNumber {
  /** E.164 digits without +, or the trimmed original; '' for a withheld or missing number. */
  identity: string;
  form: NumberForm;
}

const result: NormalisedNumber = { identity: '', form: 'empty' };
/** Room for an international prefix with a carrier's code before the longest number. */
const most = 24;
/** International numbers without + or prefix are read from this many digits on: fewer may be a short code. */
const shortestBare = 9;
const digits = new Uint8Array(most);
const codes: number[] = new Array(longestNumber).fill(48);

/** Words that switches write where the caller withheld the number. */
const anonymousWords = new Set(
  'anonymous unknown restricted private unavailable withheld unidentified blocked hidden invalid none null coin_line asserted-id-missing'.split(
    ' ',
  ),
);

let lastCountry = '';
let lastPlan: NumberingPlan | undefined;

/**
 * Normalises a number.
 * @param raw as the source states it
 * @param homeCountry ISO 3166 alpha-2 of numbers in national form; '' = none
 * @returns an object that the next call overwrites
 * @example normaliseNumber('(030) 12 34 56-78', 'DE').identity // '493012345678'
 */
export function normaliseNumber(raw: string, homeCountry: string): NormalisedNumber {
  if (homeCountry !== lastCountry) {
    lastPlan = planOf(homeCountry);
    lastCountry = homeCountry;
  }
  const length = raw.length;
  if (length === 0) return made('', 'empty');
  const from = schemeLength(raw, length);
  const first = raw.charCodeAt(from);
  // read the digits; `end` is where they stop counting, `plain` that they stand in the raw string without a gap
  let count = 0;
  let plus = false;
  let plain = true;
  let firstDigit = from;
  for (let at = from; at < length; at += 1) {
    const code = raw.charCodeAt(at);
    const digit = code >= 48 && code <= 57 ? code - 48 : foreignDigit(code);
    if (digit >= 0) {
      if (count === most) return other(raw, from);
      if (count === 0) firstDigit = at;
      else if (code > 57 || at !== firstDigit + count) plain = false;
      if (code > 57) plain = false;
      digits[count] = digit;
      count += 1;
    } else if ((code === 43 || code === 0xff0b) && count === 0 && !plus) {
      plus = true;
    } else if (!isSeparator(code)) {
      if (count > 0 && endsNumber(raw, at, code, from > 0 || plus, count)) break;
      return other(raw, from);
    }
  }
  if (count === 0) return other(raw, from);
  return first === 42 || first === 35 ? other(raw, from) : fromDigits(raw, firstDigit, count, plus, plain);
}

/** Decides what the digits are, by the form first, then the home plan, then the plans of the world. */
function fromDigits(raw: string, at: number, count: number, plus: boolean, plain: boolean): NormalisedNumber {
  if (plus) return international(raw, at, 0, count, plain) ? result : asDigits(raw, at, count, plain);
  const home = lastPlan;
  // 00 is written even where another prefix is dialled; only where the dialled one begins with 00 itself must that go first
  const own = home?.international.includes('0011') === true;
  if (!own && startsWith('00', count) && international(raw, at, 2, count, plain)) return result;
  if (home !== undefined) {
    for (let i = 0; i < home.international.length; i += 1) {
      const prefix = home.international[i]!;
      if (startsWith(prefix, count) && international(raw, at, prefix.length, count, plain)) return result;
    }
    if (own && startsWith('00', count) && international(raw, at, 2, count, plain)) return result;
    if (national(home, raw, at, count, plain)) return result;
  } else if (startsWith('011', count) && international(raw, at, 3, count, plain)) return result;
  if (count >= shortestBare && international(raw, at, 0, count, plain)) return result;
  return asDigits(raw, at, count, plain);
}

/** Digits from `from` on with a calling code. A trunk prefix left behind the calling code is taken out: +44 (0)20. */
function international(raw: string, at: number, from: number, count: number, plain: boolean): boolean {
  const plan = planOfDigits(digits, from, count);
  if (plan === undefined) return false;
  const start = from + plan.callingCode.length;
  if (fits(plan, digits, start, count))
    return plain ? whole(raw, at + from, at + count) : number(plan.callingCode, raw, at, start, count, plain);
  return behindTrunk(plan, raw, at, start, count, plain);
}

/** Digits that from `from` on are a trunk prefix and a national number. */
function behindTrunk(plan: NumberingPlan, raw: string, at: number, from: number, count: number, plain: boolean): boolean {
  for (let i = 0; i < plan.trunks.length; i += 1) {
    const trunk = plan.trunks[i]!;
    if (startsWithAt(trunk, from, count) && fits(plan, digits, from + trunk.length, count))
      return number(plan.callingCode, raw, at, from + trunk.length, count, plain);
  }
  return false;
}

/**
 * Digits in the national form of the home country, or its international form without +. Where a national number is always
 * written with its trunk prefix, digits without one are rather international without their +, and few of them a short code.
 */
function national(home: NumberingPlan, raw: string, at: number, count: number, plain: boolean): boolean {
  const { callingCode } = home;
  if (home.bare && fits(home, digits, 0, count)) return number(callingCode, raw, at, 0, count, plain);
  if (behindTrunk(home, raw, at, 0, count, plain)) return true;
  // a carrier selection code of two digits stands behind the trunk prefix in Brazil
  if (home.country === 'BR' && startsWith('0', count) && fits(home, digits, 3, count)) return number(callingCode, raw, at, 3, count, plain);
  if (count >= shortestBare && startsWith(callingCode, count) && fits(home, digits, callingCode.length, count))
    return number(callingCode, raw, at, callingCode.length, count, plain);
  if (home.bare) return false;
  if (count >= shortestBare && international(raw, at, 0, count, plain)) return true;
  return count >= 7 && fits(home, digits, 0, count) && number(callingCode, raw, at, 0, count, plain);
}

/** The E.164 number of the calling code and the digits from `from` on. */
function number(callingCode: string, raw: string, at: number, from: number, count: number, plain: boolean): boolean {
  if (plain && from >= callingCode.length && raw.startsWith(callingCode, at + from - callingCode.length))
    return whole(raw, at + from - callingCode.length, at + count);
  const length = callingCode.length + count - from;
  for (let i = 0; i < callingCode.length; i += 1) codes[i] = callingCode.charCodeAt(i);
  for (let i = from, to = callingCode.length; i < count; i += 1, to += 1) codes[to] = digits[i]! + 48;
  made(text(length), 'e164');
  return true;
}

function whole(raw: string, from: number, to: number): boolean {
  made(from === 0 && to === raw.length ? raw : raw.slice(from, to), 'e164');
  return true;
}

function text(length: number): string {
  return String.fromCharCode.apply(null, length === codes.length ? codes : codes.slice(0, length));
}

function asDigits(raw: string, at: number, count: number, plain: boolean): NormalisedNumber {
  if (plain) return made(raw.slice(at, at + count), 'digits');
  let kept = '';
  for (let i = 0; i < count; i += 1) kept += String.fromCharCode(digits[i]! + 48);
  return made(kept, 'digits');
}

/** What is no number: trimmed, without the scheme and the parameters of a URI, in lower case; withheld ones are empty. */
function other(raw: string, from: number): NormalisedNumber {
  let name = raw.slice(from).trim();
  if (from > 0) {
    const parameters = name.indexOf(';');
    if (parameters >= 0) name = name.slice(0, parameters);
  }
  name = name.toLowerCase();
  if (name === '') return made('', 'empty');
  const host = name.indexOf('@');
  return anonymousWords.has(host < 0 ? name : name.slice(0, host)) ? made('', 'anonymous') : made(name, 'name');
}

function made(identity: string, form: NumberForm): NormalisedNumber {
  result.identity = identity;
  result.form = form;
  return result;
}

/** Length of a leading tel:, sip: or sips:. */
function schemeLength(raw: string, length: number): number {
  const first = raw.charCodeAt(0) | 32;
  if (first !== 116 && first !== 115) return 0;
  const colon = raw.indexOf(':');
  if (colon < 3 || colon > 4 || colon + 1 === length) return 0;
  const scheme = raw.slice(0, colon).toLowerCase();
  return scheme === 'tel' || scheme === 'sip' || scheme === 'sips' ? colon + 1 : 0;
}

/** Space, dash, dot, slash, parentheses, and the spaces and dashes of Unicode. */
function isSeparator(code: number): boolean {
  if (code < 128) return code === 32 || code === 45 || code === 46 || code === 40 || code === 41 || code === 47 || code === 9;
  return code === 0xa0 || (code >= 0x2000 && code <= 0x2015) || code === 0x202f || code === 0x2060 || code === 0x2212;
}

/** Whether what follows the digits is an extension or the rest of a URI, so that the number ends here. */
function endsNumber(raw: string, at: number, code: number, uri: boolean, count: number): boolean {
  if (code === 59) return true;
  if (code === 64) return uri;
  if (count < 6) return false;
  if (code === 35 || code === 44 || code === 126) return at + 1 < raw.length;
  const letter = code | 32;
  if (letter === 120) return restIsDigits(raw, at + 1);
  return letter === 101 && raw.slice(at, at + 3).toLowerCase() === 'ext';
}

function restIsDigits(raw: string, from: number): boolean {
  for (let at = from; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if ((code < 48 || code > 57) && code !== 32 && code !== 46) return false;
  }
  return from < raw.length;
}

/** Full-width, Arabic-Indic and extended Arabic-Indic digits; -1 = none. */
function foreignDigit(code: number): number {
  if (code < 0x660) return -1;
  if (code <= 0x669) return code - 0x660;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0;
  return code >= 0xff10 && code <= 0xff19 ? code - 0xff10 : -1;
}

function startsWith(prefix: string, count: number): boolean {
  return startsWithAt(prefix, 0, count);
}

function startsWithAt(prefix: string, from: number, count: number): boolean {
  if (from + prefix.length > count) return false;
  for (let i = 0; i < prefix.length; i += 1) if (digits[from + i] !== prefix.charCodeAt(i) - 48) return false;
  return true;
}
