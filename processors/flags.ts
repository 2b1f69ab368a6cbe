/** Flags: what a step noticed about a record without rejecting it. Space-separated words in the column `flags`. */

/** Every flag that a step of this folder may set. */
export const flags = {
  not_e164: 'the other party is not an E.164 number: a short code, a name, or digits that fit no numbering plan',
  subscriber_not_e164: 'the subscriber is stated in digits that are not an E.164 number',
  anonymous: 'the other party is withheld: it is kept as unknown',
  no_end: 'a call or session with neither end nor duration',
  clock_ahead: 'the event lies up to a day ahead of the clock',
  answer_outside: 'the answer lies before the start or after the end',
  unknown_cell: 'the cell is not in the reference table',
} as const;

export type Flag = keyof typeof flags;

/**
 * The flags with one more.
 * @example withFlag('no_end', 'not_e164') // 'no_end not_e164'
 */
export function withFlag(present: string, flag: Flag): string {
  if (present === '') return flag;
  return hasFlag(present, flag) ? present : `${present} ${flag}`;
}

/**
 * Whether the word is among the flags; part of another word does not count.
 * @example hasFlag('subscriber_not_e164', 'not_e164') // false
 */
export function hasFlag(present: string, flag: Flag): boolean {
  if (present === '') return false;
  if (present === flag) return true;
  for (let at = present.indexOf(flag); at >= 0; at = present.indexOf(flag, at + 1)) {
    const end = at + flag.length;
    if ((at === 0 || present.charCodeAt(at - 1) === 32) && (end === present.length || present.charCodeAt(end) === 32)) return true;
  }
  return false;
}
