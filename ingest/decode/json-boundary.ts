/** Where JSON values begin and end: one per line, or one after another in an array or bare. */
import type { Boundary } from './framed.ts';

const lf = 10;
const quote = 34;
const backslash = 92;

/** `auto`: a file that begins with `[`, or with `{` alone on its line, is read as a whole; any other by lines. */
export type JsonLayout = 'auto' | 'lines' | 'whole';

export class JsonBoundary implements Boundary {
  begin = -1;
  begun = false;
  #layout: JsonLayout;
  /** Auto layout: the opening brace was seen, what follows on its line decides. */
  #deciding = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** A value that is neither object nor string: ends at a separator. */
  #bare = false;

  constructor(layout: JsonLayout) {
    this.#layout = layout;
  }

  find(bytes: Uint8Array, from: number, limit: number): number {
    this.begin = -1;
    let at = from;
    if (!this.begun) {
      at = this.#pass(bytes, from, limit);
      if (at === limit) return -1;
      this.#start(bytes[at]!);
      this.begin = at;
      if (this.#layout !== 'lines') at++;
    }
    if (this.#deciding) at = this.#decide(bytes, at, limit);
    if (this.#deciding) return -1;
    return this.#layout === 'lines' ? this.#line(bytes, at, limit) : this.#value(bytes, at, limit);
  }

  /** What stands between values: blanks, a byte-order mark, and in an array its brackets and commas. */
  #pass(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    for (; at < limit; at++) {
      const byte = bytes[at]!;
      if (byte <= 32 && byte !== 0) continue;
      if (this.#layout === 'auto') {
        if (byte === 0xef || byte === 0xbb || byte === 0xbf) continue;
        if (byte === 91) {
          this.#layout = 'whole';
          continue;
        }
        break;
      }
      if (this.#layout === 'whole' && (byte === 44 || byte === 91 || byte === 93)) continue;
      break;
    }
    return at;
  }

  #start(byte: number): void {
    this.begun = true;
    this.#depth = byte === 123 ? 1 : 0;
    this.#inString = byte === quote;
    this.#escaped = false;
    this.#bare = byte !== 123 && byte !== quote;
    if (this.#layout !== 'auto') return;
    if (byte === 123) this.#deciding = true;
    else this.#layout = 'lines';
  }

  #decide(bytes: Uint8Array, from: number, limit: number): number {
    for (let at = from; at < limit; at++) {
      const byte = bytes[at]!;
      if (byte === 32 || byte === 9 || byte === 13) continue;
      this.#layout = byte === lf ? 'whole' : 'lines';
      this.#deciding = false;
      return at;
    }
    return limit;
  }

  #line(bytes: Uint8Array, from: number, limit: number): number {
    const end = bytes.indexOf(lf, from);
    if (end < 0 || end >= limit) return -1;
    this.begun = false;
    return end + 1;
  }

  #value(bytes: Uint8Array, from: number, limit: number): number {
    for (let at = from; at < limit; at++) {
      const byte = bytes[at]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#depth === 0) return this.#done(at + 1);
        }
      } else if (this.#bare) {
        if (byte <= 32 || byte === 44 || byte === 93 || byte === 123) return this.#done(at);
      } else if (byte === quote) this.#inString = true;
      else if (byte === 123 || byte === 91) this.#depth++;
      else if (byte === 125 || byte === 93) {
        this.#depth--;
        if (this.#depth === 0) return this.#done(at + 1);
      }
    }
    return -1;
  }

  #done(end: number): number {
    this.begun = false;
    return end;
  }
}
