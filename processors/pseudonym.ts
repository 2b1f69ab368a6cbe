/** Pseudonyms: keyed HMAC-SHA256 of an identity, first 64 bits, behind caches of bounded size. See docs/decisions/0004-pseudonyms.md. */
import type { Pseudonym } from '../core/context.ts';
import { createDigitCache } from './digit-cache.ts';
import { createHmac } from './hmac.ts';
import { join64, splitHigh, splitLow } from './lanes.ts';

/** What the caches may take. */
export interface PseudonymLimits {
  /** Bytes for identities of up to 15 digits: numbers, IMSI. 16 bytes each; rounded down to a power of two. */
  readonly digitCacheBytes?: number;
  /** Entries for user names and other identities, at most 64 characters each. */
  readonly nameEntries?: number;
}

const longestCachedName = 64;
/**
 * Short codes and the last digits of other parties have a small cache of their own: most of the latter are strangers, and one that is
 * computed anew costs little more than a look-up that misses the processor's caches.
 */
const longestShort = 8;

/**
 * Pseudonyms under one key. The same identity gives the same pseudonym in every process that has the key; '' gives 0n and
 * nothing else does. A leading + is not part of the identity.
 * @param key at least 16 bytes of a secret; 32 random bytes are meant
 * @example createPseudonym(new Uint8Array(32)).of('') // 0n
 */
export function createPseudonym(key: Uint8Array, limits: PseudonymLimits = {}): Pseudonym {
  if (key.length < 16) throw new RangeError('the pseudonym key has fewer than 16 bytes');
  const hmac = createHmac(key);
  const bytes = limits.digitCacheBytes ?? 2 ** 25;
  const numbers = createDigitCache(bytes);
  const shorts = createDigitCache(bytes / 16);
  const nameEntries = limits.nameEntries ?? 65_536;
  let recent = new Map<string, bigint>();
  let older = new Map<string, bigint>();

  const compute = (identity: string): bigint => {
    hmac.of(identity);
    // 0n stands for unknown
    return join64(hmac.high, hmac.high === 0 && hmac.low === 0 ? 1 : hmac.low);
  };

  const ofName = (name: string): bigint => {
    if (name.length > longestCachedName) return compute(name);
    let value = recent.get(name);
    if (value !== undefined) return value;
    value = older.get(name) ?? compute(name);
    if (recent.size >= nameEntries / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(name, value);
    return value;
  };

  const ofBare = (identity: string, lasting: boolean): bigint => {
    const cache = identity.length <= longestShort ? shorts : numbers;
    if (cache.find(identity)) return join64(cache.high, cache.low);
    if (!cache.packed) return ofName(identity);
    const value = compute(identity);
    cache.store(splitHigh(), splitLow(), lasting);
    return value;
  };

  return {
    of(identity, lasting = true) {
      if (identity === '') return 0n;
      return ofBare(identity.charCodeAt(0) === 43 && identity.length > 1 ? identity.slice(1) : identity, lasting);
    },
  };
}
