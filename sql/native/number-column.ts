/** Columns of fixed width. The compiled `append` writes `data` itself; nothing is written for a zero, so most rows cost one comparison. */
import { type Output, putArray } from './bytes.ts';

export type FixedArray = Uint8Array | Uint16Array | Uint32Array | Int16Array | Int32Array | Float32Array | Float64Array | BigUint64Array;

/**
 * A column that can say how many bytes it takes in a block of `rows` rows and write them. One whose every value is the default has
 * `used` false and is left out of the block: the server fills it.
 */
export interface EncodedColumn {
  used: boolean;
  size(rows: number): number;
  write(output: Output, rows: number): void;
  /** Back to empty; `rows` rows were written. */
  clear(rows: number): void;
}

/** Memory is taken at the first value that is not zero, and kept. `perRow` elements make one value: 64-bit numbers are two halves. */
export class NumberColumn implements EncodedColumn {
  data: FixedArray;
  used = false;
  readonly #make: (length: number) => FixedArray;
  readonly #capacity: number;
  readonly #perRow: number;

  constructor(make: (length: number) => FixedArray, capacity: number, perRow: number) {
    this.data = make(0);
    this.#make = make;
    this.#capacity = capacity;
    this.#perRow = perRow;
  }

  use(): void {
    this.used = true;
    if (this.data.length === 0) this.data = this.#make(this.#capacity * this.#perRow);
  }

  size(rows: number): number {
    return rows * this.#perRow * this.data.BYTES_PER_ELEMENT;
  }

  write(output: Output, rows: number): void {
    putArray(output, this.data, rows * this.#perRow);
  }

  clear(rows: number): void {
    if (!this.used) return;
    this.zero(0, rows);
    this.used = false;
  }

  /** Sets the rows from `from` to before `to` back to zero. */
  zero(from: number, to: number): void {
    const start = from * this.#perRow;
    const end = to * this.#perRow;
    if (this.data instanceof BigUint64Array) this.data.fill(0n, start, end);
    else this.data.fill(0, start, end);
  }
}

/** Nullable(Float32): a byte per row that is 1 where there is no value, then the values. */
export class MeasureColumn implements EncodedColumn {
  absent: Uint8Array = new Uint8Array(0);
  data: Float32Array = new Float32Array(0);
  used = false;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  use(): void {
    this.used = true;
    if (this.data.length > 0) return;
    this.data = new Float32Array(this.#capacity);
    this.absent = new Uint8Array(this.#capacity).fill(1);
  }

  size(rows: number): number {
    return rows * 5;
  }

  write(output: Output, rows: number): void {
    putArray(output, this.absent, rows);
    putArray(output, this.data, rows);
  }

  clear(rows: number): void {
    if (!this.used) return;
    this.zero(0, rows);
    this.used = false;
  }

  zero(from: number, to: number): void {
    this.absent.fill(1, from, to);
    this.data.fill(0, from, to);
  }
}
