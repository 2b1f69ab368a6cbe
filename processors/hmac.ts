/**
 * HMAC-SHA256 (RFC 2104) of short strings, first 64 bits. The states after the inner and the outer key block are computed
 * once, so a message of at most 55 bytes costs two compressions and no allocation.
 */
import { compress, newState } from './sha256.ts';

/** The first 64 bits of an HMAC, as two halves; the object is reused by the next call. */
export interface Hmac {
  /** Computes the HMAC of the UTF-8 bytes of the text; read `high` and `low` before the next call. */
  of(text: string): void;
  high: number;
  low: number;
}

const encoder = new TextEncoder();

/** An HMAC under the key: at least 16 bytes, longer than 64 is hashed first, as RFC 2104 says. */
export function createHmac(key: Uint8Array): Hmac {
  const padded = new Uint8Array(64);
  if (key.length > 64) padded.set(sha256(key));
  else padded.set(key);
  const inner = keyState(padded, 0x36);
  const outer = keyState(padded, 0x5c);
  const block = new Int32Array(16);
  const outerBlock = new Int32Array(16);
  outerBlock[8] = 0x80000000 | 0;
  outerBlock[15] = (64 + 32) * 8;

  const hmac: Hmac = {
    high: 0,
    low: 0,
    of(text) {
      if (packShort(text, block)) compress(inner, outerBlock, block, 0);
      else digestInto(inner, encoder.encode(text), 64, outerBlock);
      compress(outer, block, outerBlock, 0);
      hmac.high = block[0]! >>> 0;
      hmac.low = block[1]! >>> 0;
    },
  };
  return hmac;
}

/** SHA-256 of bytes, for keys longer than a block. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = new Int32Array(8);
  digestInto(newState(), bytes, 0, state);
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i += 1) out[i] = state[i >> 2]! >>> (24 - 8 * (i & 3));
  return out;
}

function keyState(key: Uint8Array, pad: number): Int32Array {
  const state = newState();
  compress(state, state, words(key.map((byte) => byte ^ pad)), 0);
  return state;
}

/** Fills the one padded block of a message of at most 55 ASCII characters behind a key block; false when it does not fit. */
function packShort(text: string, block: Int32Array): boolean {
  const length = text.length;
  if (length > 55) return false;
  let all = 0;
  let word = 0;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    all |= code;
    word = (word << 8) | code;
    if ((i & 3) === 3) block[i >> 2] = word;
  }
  if (all > 127) return false;
  const last = length >> 2;
  const left = 24 - 8 * (length & 3);
  block[last] = ((length & 3) === 0 ? 0 : word << (left + 8)) | (0x80 << left);
  for (let i = last + 1; i < 15; i += 1) block[i] = 0;
  block[15] = (64 + length) * 8;
  return true;
}

/** Hashes bytes from a state that has already taken `before` bytes (a multiple of 64). */
function digestInto(from: Int32Array, bytes: Uint8Array, before: number, to: Int32Array): void {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const bits = (before + bytes.length) * 8;
  new DataView(padded.buffer).setUint32(padded.length - 4, bits >>> 0);
  new DataView(padded.buffer).setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
  const blocks = words(padded);
  compress(from, to, blocks, 0);
  for (let at = 16; at < blocks.length; at += 16) compress(to, to, blocks, at);
}

function words(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const out = new Int32Array(bytes.length / 4);
  for (let i = 0; i < out.length; i += 1) out[i] = view.getInt32(i * 4);
  return out;
}
