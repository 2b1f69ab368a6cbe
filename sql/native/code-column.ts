/** LowCardinality(String): the distinct values of the block, and per row the number of its value. */
import { type Output, putArray, putString, putUInt64, stringSize } from './bytes.ts';
import type { EncodedColumn } from './number-column.ts';

/** Version of the serialisation: dictionary keys come with the block. Stands once before the data of a column. */
export const lowCardinalityVersion = 1;

/** Flags of a block's dictionary: it has keys of its own, and they replace what was known. */
const ownKeys = 0x600;

/** Distinct values of one block. Number 0 is always the empty string. */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  #keys: string[] = [''];
  #bytes = 1;

  get length(): number {
    return this.#keys.length;
  }

  /** The number of `value`, a new one when it was not seen in this block. */
  numberOf(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#keys.length;
    this.#numbers.set(value, number);
    this.#keys.push(value);
    this.#bytes += stringSize(value);
    return number;
  }

  /** Bytes of the dictionary and of `rows` numbers. */
  size(rows: number): number {
    return 8 + 8 + this.#bytes + 8 + rows * this.#width();
  }

  /** @param numbers per row, in an array that is at least as wide as needed */
  write(output: Output, numbers: Uint16Array | Uint32Array, rows: number): void {
    const width = this.#width();
    putUInt64(output, ownKeys | (width >> 1));
    putUInt64(output, this.#keys.length);
    for (const key of this.#keys) putString(output, key);
    putUInt64(output, rows);
    putNumbers(output, numbers, rows, width);
  }

  clear(): void {
    this.#numbers.clear();
    this.#keys = [''];
    this.#bytes = 1;
  }

  /** Bytes per number: 1, 2 or 4, of which half (0, 1, 2) is also the type's code. */
  #width(): number {
    if (this.#keys.length <= 256) return 1;
    return this.#keys.length <= 65_536 ? 2 : 4;
  }
}

function putNumbers(output: Output, numbers: Uint16Array | Uint32Array, rows: number, width: number): void {
  if (width === numbers.BYTES_PER_ELEMENT) {
    putArray(output, numbers, rows);
    return;
  }
  const { bytes, at } = output;
  if (width === 1) for (let row = 0; row < rows; row++) bytes[at + row] = numbers[row]!;
  else for (let row = 0; row < rows; row++) bytes.writeUInt16LE(numbers[row]!, at + row * 2);
  output.at += rows * width;
}

/** The compiled `append` compares with `last` before it asks the dictionary: neighbours in a file are mostly alike. */
export class CodeColumn implements EncodedColumn {
  data: Uint16Array | Uint32Array = new Uint16Array(0);
  used = false;
  last = '';
  lastNumber = 0;
  readonly #dictionary = new Dictionary();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  use(): void {
    this.used = true;
    // The empty string and one value per row must fit.
    if (this.data.length === 0) this.data = this.#capacity < 65_536 ? new Uint16Array(this.#capacity) : new Uint32Array(this.#capacity);
  }

  numberOf(value: string): number {
    this.last = value;
    this.lastNumber = this.#dictionary.numberOf(value);
    return this.lastNumber;
  }

  size(rows: number): number {
    return 8 + this.#dictionary.size(rows);
  }

  write(output: Output, rows: number): void {
    putUInt64(output, lowCardinalityVersion);
    this.#dictionary.write(output, this.data, rows);
  }

  clear(rows: number): void {
    if (!this.used) return;
    this.data.fill(0, 0, rows);
    this.#dictionary.clear();
    this.last = '';
    this.lastNumber = 0;
    this.used = false;
  }
}

/** A LowCardinality(String) column that has one value in the whole block. */
export class ConstantCodeColumn implements EncodedColumn {
  used = false;
  #value = '';

  set(value: string): void {
    this.#value = value;
    this.used = value !== '';
  }

  size(rows: number): number {
    return 8 + 8 + 8 + stringSize(this.#value) + 8 + rows;
  }

  write(output: Output, rows: number): void {
    putUInt64(output, lowCardinalityVersion);
    putUInt64(output, ownKeys);
    putUInt64(output, 1);
    putString(output, this.#value);
    putUInt64(output, rows);
    output.bytes.fill(0, output.at, output.at + rows);
    output.at += rows;
  }

  clear(): void {
    this.set('');
  }
}
