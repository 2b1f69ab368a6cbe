/**
 * A cache from identities of 1 to 15 digits to 64 bits, of fixed size: one typed array, four ways to a set, 16 bytes a slot,
 * so that a look-up touches one line of memory.
 *
 * What recurs stays: a hit raises the slot's count (to 3) and only a slot of count 0 is given to another. Whoever is
 * expected again begins at 1, a stranger at 0; where a set has no slot of count 0 the newcomer stays out and the set ages
 * now and then. So a stream of numbers seen once only pushes out others seen once, while subscribers stay until they fall silent.
 */

const ways = 4;
const wordsPerSlot = 4;
/** The count stands in the upper two bits of a slot's second word. */
const oneUse = 0x40000000;

export interface DigitCache {
  /** Looks the identity up; true = `high` and `low` hold its value. Remembers it for `store`. */
  find(identity: string): boolean;
  /** Whether the identity asked last is one of 1 to 15 digits, which this cache can hold. */
  packed: boolean;
  high: number;
  low: number;
  /** Gives the identity asked last its value. `lasting` = it is expected again, e.g. a subscriber of ours. */
  store(high: number, low: number, lasting: boolean): void;
  /** Bytes held. */
  readonly bytes: number;
}

/** @example createDigitCache(1 << 20).find('4915112345678') // false */
export function createDigitCache(bytes: number): DigitCache {
  const sets = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, bytes) / (ways * wordsPerSlot * 4))));
  const mask = sets - 1;
  const slots = new Uint32Array(sets * ways * wordsPerSlot);
  let keyLow = 0;
  let keyHigh = 0;
  let set = 0;
  let tick = 0;

  const cache: DigitCache = {
    packed: false,
    high: 0,
    low: 0,
    bytes: slots.byteLength,
    find(identity) {
      const length = identity.length;
      cache.packed = false;
      if (length > 15 || length === 0) return false;
      // two halves of at most 8 digits, so that everything stays in 32-bit integers
      let front = 0;
      let back = 0;
      const cut = length - 8;
      for (let i = 0; i < length; i += 1) {
        const digit = identity.charCodeAt(i) - 48;
        if (digit < 0 || digit > 9) return false;
        if (i < cut) front = front * 10 + digit;
        else back = back * 10 + digit;
      }
      cache.packed = true;
      // back < 10^8 < 2^27, front < 10^7 < 2^24: 27 + 24 bits of digits, 4 of length, 2 of count
      keyLow = (back | (front << 27)) >>> 0;
      keyHigh = ((front >>> 5) | (length << 19)) >>> 0;
      let mixed = Math.imul(keyLow ^ (keyLow >>> 15), 0x85ebca6b) ^ Math.imul(keyHigh, 0x9e3779b1);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      set = ((mixed ^ (mixed >>> 16)) & mask) * (ways * wordsPerSlot);
      for (let at = set, end = set + ways * wordsPerSlot; at < end; at += wordsPerSlot) {
        if (slots[at] !== keyLow) continue;
        const word = slots[at + 1]!;
        if ((word & 0x3fffffff) !== keyHigh) continue;
        if (word < oneUse * 3) slots[at + 1] = word + oneUse;
        cache.high = slots[at + 2]!;
        cache.low = slots[at + 3]!;
        return true;
      }
      return false;
    },
    store(high, low, lasting) {
      tick = (tick + 1) | 0;
      for (let way = 0; way < ways; way += 1) {
        const at = set + ((tick + way) & (ways - 1)) * wordsPerSlot;
        if (slots[at + 1]! >= oneUse) continue;
        slots[at] = keyLow;
        slots[at + 1] = lasting ? keyHigh + oneUse : keyHigh;
        slots[at + 2] = high;
        slots[at + 3] = low;
        return;
      }
      // a full set ages slowly, or a stream of strangers would age out what is asked every hour
      if ((tick & (lasting ? 3 : 31)) !== 0) return;
      for (let at = set, end = set + ways * wordsPerSlot; at < end; at += wordsPerSlot) slots[at + 1] = slots[at + 1]! - oneUse;
    },
  };
  return cache;
}
