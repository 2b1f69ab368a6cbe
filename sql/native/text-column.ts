/** String: each value's length in bytes, then its UTF-8. Kept as the bytes of the block from the start. */
import { type Output, putVarint } from './bytes.ts';
import type { EncodedColumn } from './number-column.ts';

/** Longest text that is written character by character: its length takes one byte, and a call out of JavaScript costs more. */
const shortText = 127;

export class TextColumn implements EncodedColumn {
  used = false;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Writes the value of the row `row`; rows come in order. Empty values before the first that is not cost nothing. */
  put(value: string, row: number): void {
    if (value.length === 0) {
      if (this.used) {
        if (this.#at === this.#bytes.length) this.#grow(1);
        this.#bytes[this.#at++] = 0;
      }
      return;
    }
    if (!this.used) this.#start(row);
    if (this.#at + value.length * 3 + 5 > this.#bytes.length) this.#grow(value.length * 3 + 5);
    if (value.length > shortText || !this.#putAscii(value)) this.#putAny(value);
  }

  /** The same for bytes that are kept as they are. */
  putBytes(value: Uint8Array, row: number): void {
    if (value.length === 0) {
      this.put('', row);
      return;
    }
    if (!this.used) this.#start(row);
    if (this.#at + value.length + 5 > this.#bytes.length) this.#grow(value.length + 5);
    this.#at = putVarint(this.#bytes, this.#at, value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  size(): number {
    return this.#at;
  }

  write(output: Output): void {
    this.#bytes.copy(output.bytes, output.at, 0, this.#at);
    output.at += this.#at;
  }

  clear(): void {
    this.used = false;
    this.#at = 0;
  }

  #putAscii(value: string): boolean {
    const bytes = this.#bytes;
    const { length } = value;
    const start = this.#at + 1;
    for (let index = 0; index < length; index++) {
      const character = value.charCodeAt(index);
      if (character > 127) return false;
      bytes[start + index] = character;
    }
    bytes[start - 1] = length;
    this.#at = start + length;
    return true;
  }

  #putAny(value: string): void {
    const to = putVarint(this.#bytes, this.#at, Buffer.byteLength(value));
    this.#at = to + this.#bytes.write(value, to);
  }

  #start(row: number): void {
    this.used = true;
    if (this.#bytes.length < row) this.#grow(row);
    this.#bytes.fill(0, 0, row);
    this.#at = row;
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(65_536, this.#bytes.length * 2, this.#at + needed));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
