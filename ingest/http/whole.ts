/** Whether a posted JSON array came whole: a batch that lost its end is refused as a batch, for its sender to post again. */

const [quote, backslash, open, close, brace, braceEnd] = [34, 92, 91, 93, 123, 125];

/**
 * What is wrong with the array as a whole; empty when nothing is, or when the body is no array. Its elements are not judged.
 * @example arrayFault(Buffer.from('[{"a":1},{"a"')) // 'the JSON array ends before its closing bracket'
 */
export function arrayFault(body: Uint8Array): string {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (at < body.length && isBlank(body[at]!)) at++;
  if (body[at] !== open) return '';
  let depth = 0;
  let inString = false;
  for (; at < body.length; at++) {
    const byte = body[at]!;
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === open || byte === brace) depth++;
    else if ((byte === close || byte === braceEnd) && --depth === 0) {
      for (at++; at < body.length; at++) if (!isBlank(body[at]!)) return 'text follows the closing bracket of the JSON array';
      return '';
    }
  }
  return 'the JSON array ends before its closing bracket';
}

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
