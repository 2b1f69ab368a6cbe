/** Writing the pieces of ClickHouse's Native format. All numbers are little-endian, as on every platform that the product runs on. */

/** A buffer that is filled from the front. `at` is the offset of the next byte. */
export interface Output {
  readonly bytes: Buffer;
  at: number;
}

/**
 * Bytes that a number takes as a variable-length integer (LEB128).
 * @example varintSize(300) // 2
 */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes a variable-length integer and returns the offset behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 128;
  bytes[to++] = rest;
  return to;
}

/** Writes a UInt64 from a number below 2^53. */
export function putUInt64(output: Output, value: number): void {
  output.bytes.writeUInt32LE(value % 4294967296, output.at);
  output.bytes.writeUInt32LE(Math.floor(value / 4294967296), output.at + 4);
  output.at += 8;
}

/** Bytes of a string with its length in front. A lone surrogate takes the three bytes of the replacement character. */
export function stringSize(text: string): number {
  const size = Buffer.byteLength(text);
  return varintSize(size) + size;
}

/** Writes a string with its length in front. */
export function putString(output: Output, text: string): void {
  output.at = putVarint(output.bytes, output.at, Buffer.byteLength(text));
  output.at += output.bytes.write(text, output.at);
}

/** Copies the memory of the first `length` elements of a typed array. */
export function putArray(
  output: Output,
  array: { readonly buffer: ArrayBufferLike; readonly BYTES_PER_ELEMENT: number },
  length: number,
): void {
  const size = length * array.BYTES_PER_ELEMENT;
  output.bytes.set(new Uint8Array(array.buffer, 0, size), output.at);
  output.at += size;
}
