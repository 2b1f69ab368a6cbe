import * as crypto from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDigitCache } from './digit-cache.ts';
import { createPseudonym } from './pseudonym.ts';

const key = crypto.createHash('sha256').update('operator').digest();
const reference = (text: string): bigint => crypto.createHmac('sha256', key).update(text).digest().readBigUInt64BE();
const identity = fc.oneof(fc.stringMatching(/^[0-9]{1,17}$/), fc.string({ maxLength: 70, unit: 'binary' }));

it('is the first 64 bits of the HMAC, in every instance with the key, cached or not', () => {
  const one = createPseudonym(key);
  const tiny = createPseudonym(key, { digitCacheBytes: 64, nameEntries: 2 });
  fc.assert(
    fc.property(fc.array(identity, { minLength: 1, maxLength: 30 }), fc.boolean(), (identities, lasting) => {
      for (const text of [...identities, ...identities]) {
        const bare = text.length > 1 && text.startsWith('+') ? text.slice(1) : text;
        const expected = bare === '' ? 0n : reference(bare);
        expect(one.of(text, lasting)).toBe(expected);
        expect(tiny.of(text, lasting)).toBe(expected);
      }
    }),
    { seed: 3, numRuns: 100, examples: [[['+', '++1', '00', '0', '000000000000000'], true]] },
  );
});

it('tells apart what differs in leading zeros, and differs by key', () => {
  const pseudonym = createPseudonym(key);
  const zeros = Array.from({ length: 15 }, (_, length) => pseudonym.of('0'.repeat(length + 1)));
  expect(new Set(zeros).size).toBe(15);
  expect(createPseudonym(new Uint8Array(32)).of('4930123456')).not.toBe(pseudonym.of('4930123456'));
  expect(pseudonym.of('')).toBe(0n);
  expect(() => createPseudonym(new Uint8Array(15))).toThrow('16 bytes');
});

it('keeps subscribers while strangers pass, within its bytes', () => {
  const cache = createDigitCache(64 * 1024);
  expect(cache.bytes).toBe(64 * 1024);
  const subscribers = Array.from({ length: 1000 }, (_, i) => `4915${(1_000_000 + i * 37).toString()}`);
  for (const subscriber of subscribers) if (!cache.find(subscriber)) cache.store(1, 2, true);
  let hits = 0;
  for (let round = 0; round < 20; round += 1)
    for (let i = 0; i < 1000; i += 1) {
      if (cache.find(subscribers[i]!)) hits += 1;
      else cache.store(1, 2, true);
      for (let k = 0; k < 4; k += 1) {
        const stranger = String(600_000_000_000 + (round * 1000 + i) * 4 + k);
        if (!cache.find(stranger)) cache.store(3, 4, false);
      }
    }
  // 4096 slots, 1000 subscribers, 80,000 strangers: least recently used would have kept none of them
  expect(hits / 20_000).toBeGreaterThan(0.95);
});
