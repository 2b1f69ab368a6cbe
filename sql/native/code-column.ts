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

/** Slots of a column's cache at first, at most, and for each value: with fewer, values that share a slot would push each other out. */
const fewestSlots = 256;
const mostSlots = 16_384;
const slotsPerValue = 8;
/** Characters at the end of a value that choose its slot: cells, trunks and zones differ there. */
const tellingCharacters = 4;

/**
 * The compiled `append` compares with `last` before it calls: neighbours in a file are mostly alike. Behind it stands a cache of one
 * value per slot, chosen by length and last characters: a decoder gives the same string object for the same value, so that a hit
 * costs a comparison of pointers where the dictionary would hash and compare.
 */
export class CodeColumn implements EncodedColumn {
  data: Uint16Array | Uint32Array = new Uint16Array(0);
  used = false;
  last = '';
  lastNumber = 0;
  #values: string[] = [];
  #numbers: Uint32Array = new Uint32Array(0);
  #mask = -1;
  readonly #dictionary = new Dictionary();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  use(): void {
    this.used = true;
    // The empty string and one value per row must fit.
    if (this.#mask < 0) this.#slots(fewestSlots);
    if (this.data.length === 0) this.data = this.#capacity < 65_536 ? new Uint16Array(this.#capacity) : new Uint32Array(this.#capacity);
  }

  numberOf(value: string): number {
    const { length } = value;
    let hash = length;
    for (let at = length > tellingCharacters ? length - tellingCharacters : 0; at < length; at++)
      hash = Math.imul(hash, 31) + value.charCodeAt(at);
    const slot = (hash ^ (hash >>> 10)) & this.#mask;
    this.last = value;
    if (this.#values[slot] === value) {
      this.lastNumber = this.#numbers[slot]!;
      return this.lastNumber;
    }
    const number = this.#dictionary.numberOf(value);
    this.lastNumber = number;
    this.#values[slot] = value;
    this.#numbers[slot] = number;
    if (number * slotsPerValue > this.#mask && this.#mask < mostSlots - 1) this.#slots((this.#mask + 1) * 4);
    return number;
  }

  #slots(count: number): void {
    this.#values = new Array<string>(count).fill('');
    this.#numbers = new Uint32Array(count);
    this.#mask = count - 1;
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
    this.#values.fill('');
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
