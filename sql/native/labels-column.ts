/** Map(LowCardinality(String), String): where each row's pairs end, then all names, then all values. */
import { type Output, putArray, putUInt64 } from './bytes.ts';
import { Dictionary, lowCardinalityVersion } from './code-column.ts';
import type { EncodedColumn } from './number-column.ts';
import { TextColumn } from './text-column.ts';

export class LabelsColumn implements EncodedColumn {
  used = false;
  /** Ends as halves of UInt64, the lower first. */
  #ends: Uint32Array = new Uint32Array(0);
  #names: Uint32Array = new Uint32Array(0);
  #pairs = 0;
  readonly #dictionary = new Dictionary();
  readonly #values = new TextColumn();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  put(value: readonly (readonly [string, string])[] | null, row: number): void {
    if (value !== null && value.length > 0) {
      if (!this.used) this.#start();
      if (this.#pairs + value.length > this.#names.length) this.#grow(value.length);
      for (const [name, text] of value) {
        this.#names[this.#pairs] = name === '' ? 0 : this.#dictionary.numberOf(name);
        this.#values.put(text, this.#pairs);
        this.#pairs++;
      }
    }
    if (this.used) this.#ends[row * 2] = this.#pairs;
  }

  size(rows: number): number {
    // Values that are all empty were never started: each still takes the byte of its length.
    return 8 + rows * 8 + this.#dictionary.size(this.#pairs) + (this.#values.used ? this.#values.size() : this.#pairs);
  }

  write(output: Output, rows: number): void {
    putUInt64(output, lowCardinalityVersion);
    putArray(output, this.#ends, rows * 2);
    this.#dictionary.write(output, this.#names, this.#pairs);
    if (this.#values.used) {
      this.#values.write(output);
      return;
    }
    output.bytes.fill(0, output.at, output.at + this.#pairs);
    output.at += this.#pairs;
  }

  clear(rows: number): void {
    if (!this.used) return;
    this.#ends.fill(0, 0, rows * 2);
    this.#dictionary.clear();
    this.#values.clear();
    this.#pairs = 0;
    this.used = false;
  }

  #start(): void {
    this.used = true;
    if (this.#ends.length === 0) this.#ends = new Uint32Array(this.#capacity * 2);
  }

  #grow(needed: number): void {
    const grown = new Uint32Array(Math.max(1_024, this.#names.length * 2, this.#pairs + needed));
    grown.set(this.#names);
    this.#names = grown;
  }
}
