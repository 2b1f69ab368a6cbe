import * as crypto from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHmac, sha256 } from './hmac.ts';

const reference = (key: Uint8Array, text: string): string => crypto.createHmac('sha256', key).update(text).digest('hex').slice(0, 16);
const hex = (high: number, low: number): string => high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');

it('agrees with node:crypto for every length from 0 to 200', () => {
  const key = crypto.createHash('sha256').update('a key').digest();
  const hmac = createHmac(key);
  for (let length = 0; length <= 200; length += 1) {
    const text = '0123456789'.repeat(20).slice(0, length);
    hmac.of(text);
    expect(hex(hmac.high, hmac.low)).toBe(reference(key, text));
  }
});

it('agrees with node:crypto for any key and any text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 150 }), fc.string({ unit: 'binary', maxLength: 80 }), (key, text) => {
      const hmac = createHmac(key);
      hmac.of(text);
      return hex(hmac.high, hmac.low) === reference(key, text);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('keeps nothing of the message before', () => {
  const key = new Uint8Array(32);
  const hmac = createHmac(key);
  hmac.of('a much longer message than the next one, 50 chars.');
  hmac.of('1');
  expect(hex(hmac.high, hmac.low)).toBe(reference(key, '1'));
});

it('hashes as SHA-256 does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(crypto.createHash('sha256').update(bytes).digest('hex'));
    }),
    { seed: 2 },
  );
});
