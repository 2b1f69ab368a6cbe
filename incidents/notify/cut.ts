/** Texts from outside made fit to be shown: cleaned, cut to a length with a mark, escaped. Pure. */

/** What stands where something was cut. */
export const cutMark = '…';

/** No text is looked at beyond this, UTF-16 units: what is longer is cut before anything else happens to it. */
const longestText = 100_000;
/** The last piece of a text is looked at in whole characters within this many units. */
const window = 1_024;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * At most `most` UTF-16 units of a text, which is at most as many characters by any other count. What was cut ends with {@link cutMark}; never
 * within a character that a person sees as one (a flag, a family, a letter with its accents), unless that alone is longer than 1,024 units.
 * @example cut('abcdef', 4) // 'abc…'
 * @example cut('abc', 4) // 'abc'
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return '';
  return `${text.slice(0, boundary(text, most - cutMark.length))}${cutMark}`;
}

/** The last place at or before `end` where a text may be parted. */
function boundary(text: string, end: number): number {
  let from = Math.max(0, end - window);
  // A row of flags is parted wrongly when it is looked at from its middle; before an ASCII character there is always a boundary.
  if (from > 0)
    for (let at = from; at < end; at += 1)
      if (text.charCodeAt(at) < 0x80) {
        from = at;
        break;
      }
  let last = from;
  for (const { index } of segmenter.segment(text.slice(from, end + window))) {
    if (from + index > end) break;
    last = from + index;
  }
  // One character that fills the window: part it between code points.
  if (last === from && from > 0) last = end;
  const splitsPair = isHigh(text.charCodeAt(last - 1)) && isLow(text.charCodeAt(last));
  return splitsPair ? last - 1 : last;
}

const isHigh = (unit: number): boolean => unit >>> 10 === 0x36;
const isLow = (unit: number): boolean => unit >>> 10 === 0x37;

/**
 * A text without what could disturb who shows it: line ends are `\n`, control characters are spaces, characters that turn the direction of
 * what follows are gone (letters that are written from the right stay), halves of surrogate pairs are U+FFFD.
 * @example cleaned('a\r\nb\u0000c\u202ed') // 'a\nb cd'
 */
export function cleaned(text: string): string {
  const bounded = cut(text, longestText).replaceAll('\r\n', '\n');
  let out = '';
  let kept = 0;
  for (let at = 0; at < bounded.length; at += 1) {
    const instead = replacementOf(bounded, at);
    if (instead === undefined) continue;
    out += bounded.slice(kept, at) + instead;
    kept = at + 1;
  }
  return out + bounded.slice(kept);
}

/** What stands for the unit at a place; undefined = it stays. */
function replacementOf(text: string, at: number): string | undefined {
  const unit = text.charCodeAt(at);
  if (unit === 0x0a) return undefined;
  if (unit === 0x0d || unit === 0x2028 || unit === 0x2029) return '\n';
  if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return ' ';
  if ((unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069) || unit === 0xfeff) return '';
  if (isHigh(unit)) return isLow(text.charCodeAt(at + 1)) ? undefined : '\ufffd';
  if (isLow(unit)) return isHigh(text.charCodeAt(at - 1)) ? undefined : '\ufffd';
  return undefined;
}

/**
 * A cleaned text on one line, cut.
 * @example oneLine(' a\n\n b ', 10) // 'a b'
 */
export function oneLine(text: string, most: number): string {
  return cut(cleaned(text).replaceAll(/\s+/g, ' ').trim(), most);
}

/**
 * A cleaned text of several lines, cut; never more than one empty line on end.
 * @example lines('a\n\n\n\nb', 10) // 'a\n\nb'
 */
export function lines(text: string, most: number): string {
  return cut(
    cleaned(text)
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim(),
    most,
  );
}

/**
 * A text as it stands in HTML.
 * @example htmlText('<a href="x">') // '&lt;a href=&quot;x&quot;&gt;'
 */
export function htmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/**
 * The longest beginning of a text, cut by {@link cut}, that is at most `most` long once it is escaped: an escape is never parted.
 * @example cutEscaped('<<<', 8, htmlText) // '&lt;…'
 */
export function cutEscaped(text: string, most: number, harmless: (text: string) => string): string {
  const whole = harmless(text);
  if (whole.length <= most) return whole;
  let low = 0;
  let high = Math.min(text.length, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (harmless(cut(text, middle)).length <= most) low = middle;
    else high = middle - 1;
  }
  return harmless(cut(text, low));
}
