/** A bank as bytes: magic, version, size, checksum, then times, outputs and state, little-endian as every machine that runs Node. */
import { LAYOUT_VERSION, STRIDE } from './layout.ts';

const MAGIC = 0x574e4b42;
const HEADER = 16;

/** All figures of a bank, or of one of its series. */
export interface BankParts {
  readonly state: Float32Array;
  readonly times: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly score: Float64Array;
  readonly alarm: Uint8Array;
}

/** Room for `size` series. */
export const emptyParts = (size: number): BankParts => ({
  state: new Float32Array(size * STRIDE),
  times: new Float64Array(size * 2),
  expected: new Float64Array(size),
  lower: new Float64Array(size),
  upper: new Float64Array(size),
  score: new Float64Array(size),
  alarm: new Uint8Array(size),
});

/** Copies a bank into the beginning of one that is at least as large. */
export function copyParts(from: BankParts, into: BankParts): void {
  into.state.set(from.state);
  into.times.set(from.times);
  into.expected.set(from.expected);
  into.lower.set(from.lower);
  into.upper.set(from.upper);
  into.score.set(from.score);
  into.alarm.set(from.alarm);
}

/** The figures of one series, as views. */
export const partOf = (bank: BankParts, index: number): BankParts => ({
  state: bank.state.subarray(index * STRIDE, (index + 1) * STRIDE),
  times: bank.times.subarray(index * 2, index * 2 + 2),
  expected: bank.expected.subarray(index, index + 1),
  lower: bank.lower.subarray(index, index + 1),
  upper: bank.upper.subarray(index, index + 1),
  score: bank.score.subarray(index, index + 1),
  alarm: bank.alarm.subarray(index, index + 1),
});

const bytesOf = (array: Float32Array | Float64Array | Uint8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const sectionsOf = ({ state, times, expected, lower, upper, score, alarm }: BankParts): Uint8Array[] =>
  [times, expected, lower, upper, score, state, alarm].map(bytesOf);

/** FNV-1a, 32 bits, over the bytes from an index on: finds a cut or flipped snapshot, not a forged one. @example checksum(new Uint8Array(0), 0) // 2166136261 */
export function checksum(bytes: Uint8Array, from: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

/** The bank's bytes: 16 + 1057 per series. */
export function snapshotBank(parts: BankParts): Uint8Array {
  const sections = sectionsOf(parts);
  const bytes = new Uint8Array(HEADER + sections.reduce((sum, section) => sum + section.length, 0));
  let at = HEADER;
  for (const section of sections) {
    bytes.set(section, at);
    at += section.length;
  }
  const header = new DataView(bytes.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, LAYOUT_VERSION, true);
  header.setUint32(8, parts.state.length / STRIDE, true);
  header.setUint32(12, checksum(bytes, HEADER), true);
  return bytes;
}

/** @throws RangeError naming what does not fit; nothing is written then */
export function restoreBank(bytes: Uint8Array, parts: BankParts): void {
  const sections = sectionsOf(parts);
  const size = parts.state.length / STRIDE;
  const needed = HEADER + sections.reduce((sum, section) => sum + section.length, 0);
  if (bytes.length < HEADER) throw new RangeError(`series snapshot: ${bytes.length} bytes are too few for a header`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.getUint32(0, true) !== MAGIC) throw new RangeError('series snapshot: not a snapshot of a series bank');
  if (header.getUint32(4, true) !== LAYOUT_VERSION)
    throw new RangeError(`series snapshot: layout ${header.getUint32(4, true)}, this program reads ${LAYOUT_VERSION}`);
  if (header.getUint32(8, true) !== size || bytes.length !== needed)
    throw new RangeError(
      `series snapshot: ${header.getUint32(8, true)} series in ${bytes.length} bytes, the bank needs ${size} in ${needed}`,
    );
  if (header.getUint32(12, true) !== checksum(bytes, HEADER))
    throw new RangeError('series snapshot: checksum differs, the bytes are damaged');
  let at = HEADER;
  for (const section of sections) {
    section.set(bytes.subarray(at, at + section.length));
    at += section.length;
  }
}
