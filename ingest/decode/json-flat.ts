/**
 * The short way through JSON: an object of plain values, in ASCII and without escapes, is read as byte ranges in one pass, without making an
 * object or a string. Anything else it leaves to the parser, and says nothing wrong about it. What it reads it reads as the parser would.
 */

const space = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** Names that are looked up, by a hash of their bytes; open addressing. */
interface Names {
  readonly bytes: readonly Buffer[];
  readonly places: Int16Array;
  readonly mask: number;
}

export class FlatScanner {
  readonly #names: Names;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Slot that the n-th member had last time; records of a source mostly have one order. */
  readonly #order = new Int16Array(256).fill(-1);

  /**
   * @param names name of the member for each slot; a slot whose value lies deeper has undefined, and is empty in a flat object
   * @param starts offsets of the values by slot
   * @param ends offsets behind them
   */
  constructor(names: readonly (string | undefined)[], starts: Int32Array, ends: Int32Array) {
    this.#names = tableOf(names.map((name) => Buffer.from(name ?? '')));
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Fills the ranges of all slots; false, with ranges of no meaning, when the parser must do it. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    const [starts, ends] = [this.#starts, this.#ends];
    const slots = this.#names.bytes.length;
    for (let slot = 0; slot < slots; slot++) {
      starts[slot] = start;
      ends[slot] = start;
    }
    let at = start;
    while (at < end && space(bytes[at])) at++;
    if (bytes[at] !== 123) return false;
    at++;
    while (at < end && space(bytes[at])) at++;
    // Behind the end lie bytes of an earlier piece.
    if (at < end && bytes[at] === 125) return onlySpace(bytes, at + 1, end);
    for (let member = 0; at < end; member++) {
      if (bytes[at] !== 34) return false;
      const nameStart = at + 1;
      at = stringEnd(bytes, nameStart, end);
      if (at <= nameStart) return false;
      const slot = this.#slotOf(bytes, nameStart, at, member);
      at++;
      while (at < end && space(bytes[at])) at++;
      if (bytes[at] !== 58) return false;
      at++;
      while (at < end && space(bytes[at])) at++;
      const first = bytes[at];
      let [from, to] = [at, at];
      if (first === 34) {
        from = at + 1;
        to = stringEnd(bytes, from, end);
        if (to < 0) return false;
        at = to + 1;
      } else if (first === 110) {
        if (bytes[at + 1] !== 117 || bytes[at + 2] !== 108 || bytes[at + 3] !== 108) return false;
        at += 4;
      } else if (first === 116) {
        if (bytes[at + 1] !== 114 || bytes[at + 2] !== 117 || bytes[at + 3] !== 101) return false;
        at += 4;
        to = at;
      } else if (first === 102) {
        if (bytes[at + 1] !== 97 || bytes[at + 2] !== 108 || bytes[at + 3] !== 115 || bytes[at + 4] !== 101) return false;
        at += 5;
        to = at;
      } else {
        at = numberEnd(bytes, at, end);
        if (at < 0) return false;
        to = withoutZeros(bytes, from, at);
      }
      if (slot >= 0) {
        starts[slot] = from;
        ends[slot] = to;
      }
      while (at < end && space(bytes[at])) at++;
      if (bytes[at] === 125 && at < end) return onlySpace(bytes, at + 1, end);
      if (bytes[at] !== 44) return false;
      at++;
      while (at < end && space(bytes[at])) at++;
    }
    return false;
  }

  /** The slot of a name; -1 = nobody asked for it. */
  #slotOf(bytes: Buffer, start: number, end: number, member: number): number {
    const place = member & 255;
    const guess = this.#order[place]!;
    const { bytes: names, places, mask } = this.#names;
    if (guess >= 0 && same(names[guess]!, bytes, start, end)) return guess;
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = places[at]!;
      if (slot < 0) return -1;
      if (same(names[slot]!, bytes, start, end)) {
        this.#order[place] = slot;
        return slot;
      }
    }
  }
}

function tableOf(bytes: readonly Buffer[]): Names {
  let size = 16;
  while (size < bytes.length * 4) size *= 2;
  const places = new Int16Array(size).fill(-1);
  bytes.forEach((name, slot) => {
    if (name.length === 0) return;
    let hash = name.length;
    for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0;
    let at = hash & (size - 1);
    while (places[at]! >= 0) at = (at + 1) & (size - 1);
    places[at] = slot;
  });
  return { bytes, places, mask: size - 1 };
}

function same(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  const { length } = name;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at++) if (name[at] !== bytes[start + at]) return false;
  return true;
}

function onlySpace(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (!space(bytes[at])) return false;
  return true;
}

/** Offset of the closing quote; -1 when the text has escapes, controls or more than ASCII, or does not end. */
function stringEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 34) return at;
    if (byte < 32 || byte > 126 || byte === 92) return -1;
  }
  return -1;
}

const digit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Offset behind a number whose digits are its text; -1 for any other: exponents, negative zero, decimals of many digits. */
function numberEnd(bytes: Buffer, from: number, end: number): number {
  let at = bytes[from] === 45 ? from + 1 : from;
  const whole = at;
  while (at < end && digit(bytes[at])) at++;
  const digits = at - whole;
  if (digits === 0 || (bytes[whole] === 48 && digits > 1)) return -1;
  if (at < end && bytes[at] === 46) {
    const point = at++;
    while (at < end && digit(bytes[at])) at++;
    const decimals = at - point - 1;
    // A double says back no more than 15 digits, and turns to exponents below a millionth.
    if (decimals === 0 || decimals > 6 || digits + decimals > 15) return -1;
    if (whole > from && bytes[whole] === 48) return -1;
  } else if (whole > from && bytes[whole] === 48) return -1;
  const next = bytes[at];
  return at < end && (next === 101 || next === 69) ? -1 : at;
}

/** A decimal ends with its last digit that counts, as the parser's number would be written. */
function withoutZeros(bytes: Buffer, from: number, end: number): number {
  let point = from;
  while (point < end && bytes[point] !== 46) point++;
  if (point === end) return end;
  let at = end;
  while (bytes[at - 1] === 48) at--;
  return at - 1 === point ? point : at;
}
