/** JSON from outside: bounded in depth, and read without trusting any part of it. */

/** Deepest nesting that is read. Ticket systems stay below ten. */
export const deepest = 32;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The object in a body; undefined when it is none, is not JSON, or is nested deeper than {@link deepest}.
 * @example objectIn('{"a":1}') // { a: 1 }
 * @example objectIn('[1]') // undefined
 */
export function objectIn(body: string): Fields | undefined {
  // Looked at before it is parsed: what is nested too deep costs a stack.
  if (depthOf(body) > deepest) return undefined;
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** Nesting of a text as JSON, brackets within strings left out. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (quoted) {
      if (character === 92) index += 1;
      else if (character === 34) quoted = false;
    } else if (character === 34) quoted = true;
    else if (character === 123 || character === 91) most = Math.max(most, ++depth);
    else if (character === 125 || character === 93) depth -= 1;
  }
  return most;
}

/** A value as an object; undefined when it is none. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A value as a list; empty when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list; empty when it is none. */
export function objectsOf(value: unknown): readonly Fields[] {
  return listOf(value).flatMap((one) => {
    const fields = fieldsOf(one);
    return fields === undefined ? [] : [fields];
  });
}

/**
 * A text or a number as a text without control characters, cut to `most`; empty when it is neither.
 * @example textOf(12) // '12'
 * @example textOf('a\u0000b') // 'a b'
 */
export function textOf(value: unknown, most = 200): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') return '';
  return text
    .slice(0, most)
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .trim();
}

/**
 * An instant as ms since 1970 UTC; undefined when it is none. A number is ms.
 * @example instantOf('2026-01-05T12:00:00Z') // 1767614400000
 * @example instantOf('2026-01-05 12:00:00') // 1767614400000
 */
export function instantOf(value: unknown): number | undefined {
  const text = textOf(value, 40);
  const plain = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
  const at = /^\d{12,14}$/.test(plain) ? Number(plain) : Date.parse(plain);
  return Number.isFinite(at) && at > 0 && at < 4_102_444_800_000 ? at : undefined;
}

/** The id of an incident of ours in a text; empty when it has none. @example incidentIdIn('weir inc_0123456789abcdef01234567') // 'inc_0123456789abcdef01234567' */
export function incidentIdIn(text: unknown): string {
  return /\binc_[0-9a-f]{12,64}\b/.exec(textOf(text, 400))?.[0] ?? '';
}
