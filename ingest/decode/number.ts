/** Numbers out of bytes: no string, no regular expression, exact where a double can be exact. */

const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const point = 46;
const minus = 45;
const plus = 43;

/**
 * A decimal number; NaN when the bytes are not one. Blanks around it are allowed. Correctly rounded, by `Number` where
 * the digits exceed 2^53 or an exponent is given.
 * @param mark byte of the decimal mark: 46 = point, 44 = comma
 * @example readNumber(Buffer.from('-12.50'), 0, 6, 46) // -12.5
 */
export function readNumber(bytes: Uint8Array, start: number, end: number, mark = point): number {
  let at = start;
  let stop = end;
  while (at < stop && bytes[at] === 32) at++;
  while (stop > at && bytes[stop - 1] === 32) stop--;
  let negative = false;
  if (bytes[at] === minus || bytes[at] === plus) {
    negative = bytes[at] === minus;
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let seen = false;
  const first = at;
  for (; at < stop; at++) {
    const digit = bytes[at]! - 48;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
      if (seen) decimals++;
    } else if (bytes[at] === mark && !seen) seen = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  let value: number;
  if (at < stop || mantissa > Number.MAX_SAFE_INTEGER || decimals > 22) value = slowNumber(bytes, first, stop, mark);
  else value = decimals === 0 ? mantissa : mantissa / powers[decimals]!;
  return negative ? -value : value;
}

function slowNumber(bytes: Uint8Array, start: number, end: number, mark: number): number {
  if (end - start > 400) return Number.NaN;
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const allowed = (byte >= 48 && byte <= 57) || byte === mark || byte === 69 || byte === 101 || byte === minus || byte === plus;
    if (!allowed) return Number.NaN;
    text += byte === mark ? '.' : String.fromCharCode(byte);
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * Micro-units of a decimal amount, rounded half away from zero at the sixth decimal; NaN when it is not one or not a safe integer.
 * @param scale the number is an integer of 10^-scale units
 * @example readMoney(Buffer.from('1,25'), 0, 4, 44, 0) // 1250000
 * @example readMoney(Buffer.from('125'), 0, 3, 46, 2) // 1250000
 */
export function readMoney(bytes: Uint8Array, start: number, end: number, mark: number, scale: number): number {
  let at = start;
  let stop = end;
  while (at < stop && bytes[at] === 32) at++;
  while (stop > at && bytes[stop - 1] === 32) stop--;
  let negative = false;
  if (bytes[at] === minus || bytes[at] === plus) {
    negative = bytes[at] === minus;
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let decimals = scale;
  let seen = false;
  let round = 0;
  for (; at < stop; at++) {
    const digit = bytes[at]! - 48;
    if (digit >= 0 && digit <= 9) {
      digits++;
      if (seen && decimals >= 6) {
        if (decimals === 6) round = digit >= 5 ? 1 : 0;
        decimals++;
      } else {
        mantissa = mantissa * 10 + digit;
        if (seen) decimals++;
      }
    } else if (bytes[at] === mark && !seen) seen = true;
    else return Number.NaN;
  }
  if (digits === 0 || mantissa > Number.MAX_SAFE_INTEGER) return Number.NaN;
  let micro = decimals <= 6 ? mantissa * powers[6 - decimals]! : mantissa;
  const excess = scale - 6;
  if (excess > 0) micro = Math.round(mantissa / powers[excess]!);
  else micro += round;
  if (micro > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative && micro !== 0 ? -micro : micro;
}
