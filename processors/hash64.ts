/**
 * A fast 64-bit hash of a sequence of words and strings: two lanes of 32 bits, each multiplied, rotated and fed with the
 * other, finished with the avalanche of MurmurHash3 (public domain). Not cryptographic: what must stay secret goes through
 * the keyed pseudonym before it comes here. The same input gives the same hash in every process and version.
 *
 * One hash is built at a time: `hashStart`, any number of `hashWord` and `hashText`, `hashEnd`. Module state instead of an
 * object, because the hot path allocates nothing.
 */
import { join64, split64, splitDouble, splitHigh, splitLow } from './lanes.ts';

let a = 0;
let b = 0;

/** Begins a hash. */
export function hashStart(): void {
  a = 0x243f6a88;
  b = 0x13198a2e | 0;
}

/** Feeds 32 bits. */
export function hashWord(word: number): void {
  const k = Math.imul(word, 0x9e3779b1);
  a = Math.imul((a ^ k ^ (k >>> 15)) + b, 0x85ebca6b);
  a = (a << 13) | (a >>> 19);
  b = Math.imul(((b << 17) | (b >>> 15)) ^ a ^ word, 0xc2b2ae35);
}

/** Feeds a bigint of 64 bits. */
export function hashBig(value: bigint): void {
  split64(value);
  hashWord(splitLow());
  hashWord(splitHigh());
}

/** Feeds the bits of a number, so that 1.5 and 1 differ. */
export function hashNumber(value: number): void {
  splitDouble(value + 0);
  hashWord(splitLow());
  hashWord(splitHigh());
}

/** Feeds a string with its length, so that 'ab','c' and 'a','bc' differ. */
export function hashText(text: string): void {
  const length = text.length;
  hashWord(length);
  let at = 0;
  for (; at + 1 < length; at += 2) hashWord(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  if (at < length) hashWord(text.charCodeAt(at));
}

/** Ends the hash: 64 bits, never 0n, which stands for unknown. */
export function hashEnd(): bigint {
  const low = finish(a ^ Math.imul(b, 0x27d4eb2f));
  const high = finish(b ^ Math.imul(low, 0x165667b1));
  return low === 0 && high === 0 ? 1n : join64(high, low);
}

/** The 32-bit finaliser of MurmurHash3: every input bit flips each output bit with a chance of one half. */
function finish(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
