/** Bytes to a JSON object, within limits, without losing digits. */
import { isAscii, isUtf8 } from 'node:buffer';
import { type Rejected, rejected } from '../../core/outcome.ts';

export type JsonObject = { readonly [name: string]: unknown };

/**
 * The object, or why it is none. The depth is counted before anything is parsed. Integers of more than 15 digits become
 * strings with all their digits, since a double would round them. Of a name that occurs twice the last value holds.
 * @example readObject(Buffer.from('{"id":12345678901234567890}'), 0, 27, 64) // { object: { id: '12345678901234567890' } }
 */
export function readObject(bytes: Buffer, start: number, end: number, depth: number): { readonly object: JsonObject } | Rejected {
  const part = bytes.subarray(start, end);
  const ascii = isAscii(part);
  if (!ascii && !isUtf8(part)) return rejected('bad_encoding', '', 'not UTF-8');
  const numbers: number[] = [];
  if (deepest(part, numbers, depth) > depth) return rejected('too_deep', '', `nested deeper than ${depth} levels`);
  const text = numbers.length > 0 ? quoted(part, numbers) : part.toString(ascii ? 'latin1' : 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { object: value as JsonObject };
    return rejected('unreadable', '', 'not a JSON object');
  } catch {
    return rejected('unreadable', '', 'not JSON');
  }
}

/** Depth of nesting, or more than `limit`; notes where long integers begin and end. */
function deepest(bytes: Uint8Array, numbers: number[], limit: number): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 34) at = stringEnd(bytes, at);
    else if (byte === 123 || byte === 91) {
      depth++;
      if (depth > most) most = depth;
      if (most > limit) return most;
    } else if (byte === 125 || byte === 93) depth--;
    else if (byte === 45 || (byte >= 48 && byte <= 57)) at = numberEnd(bytes, at, numbers) - 1;
  }
  return most;
}

function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (; at < bytes.length && bytes[at] !== 34; at++) if (bytes[at] === 92) at++;
  return at;
}

function numberEnd(bytes: Uint8Array, from: number, numbers: number[]): number {
  let at = from + 1;
  let integer = true;
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) continue;
    if (byte === 46 || byte === 69 || byte === 101 || byte === 43 || byte === 45) integer = false;
    else break;
  }
  if (integer && at - from > 15) numbers.push(from, at);
  return at;
}

function quoted(part: Buffer, numbers: readonly number[]): string {
  let text = '';
  let at = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    text += `${part.toString('utf8', at, numbers[i])}"${part.toString('latin1', numbers[i], numbers[i + 1])}"`;
    at = numbers[i + 1]!;
  }
  return text + part.toString('utf8', at);
}

/** The names of a path: `a.b.c`; a dot within a name is written `\.`. */
export function pathOf(path: string): readonly string[] {
  return path.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.'));
}

/** The value at a path; undefined when there is none. Only own properties count. */
export function valueAt(object: JsonObject, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

/** A value as the text that a mapping sees: empty for null, JSON for objects and arrays. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
