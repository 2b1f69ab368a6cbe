/**
 * What a release cause means where no row of the operator says otherwise: ITU-T Q.850 (05/2018) cause values by the class in
 * which the recommendation places them, SIP final responses by RFC 3261 and its mapping to Q.850 in RFC 3398.
 */

export type CauseClass = 'normal' | 'user' | 'network' | 'congestion' | 'interworking' | 'unknown';

const q850: readonly (readonly [CauseClass, readonly number[]])[] = [
  ['normal', [16, 26, 30, 31]],
  // what the parties did: busy, no answer, rejected, wrong or unallocated number
  ['user', [1, 17, 18, 19, 20, 21, 22, 28, 29, 50, 52, 54, 55, 57]],
  ['network', [2, 3, 5, 6, 7, 8, 9, 14, 25, 27, 38, 39, 40, 41, 43, 46, 53, 58, 62, 63]],
  ['congestion', [34, 42, 44, 47, 49]],
  // service not implemented, invalid message, protocol error, interworking
  ['interworking', [65, 66, 69, 70, 79, 81, 82, 83, 84, 85, 86, 87, 88, 90, 91, 95, 96, 97, 98, 99, 100, 101, 102, 103, 110, 111, 127]],
];

const sip: readonly (readonly [CauseClass, readonly number[]])[] = [
  ['normal', [200, 202, 204]],
  ['user', [403, 404, 408, 410, 416, 480, 484, 485, 486, 487, 600, 603, 604, 607, 608]],
  ['network', [401, 402, 407, 423, 430, 433, 481, 482, 483, 489, 491, 500, 502, 504]],
  ['congestion', [429, 503]],
];

const q850Classes = table(128, q850);
const sipClasses = table(700, sip);

/**
 * The class by the recommendations alone; undefined = not stated (0) or no such value.
 * @example defaultCauseClass('q850', 17) // 'user'
 */
export function defaultCauseClass(scheme: 'q850' | 'sip', value: number): CauseClass | undefined {
  if (scheme === 'q850') return q850Classes[value];
  const known = sipClasses[value];
  if (known !== undefined) return known;
  if (value >= 300 && value < 400) return 'normal';
  return value >= 400 && value < 700 ? 'interworking' : undefined;
}

function table(size: number, classes: readonly (readonly [CauseClass, readonly number[]])[]): (CauseClass | undefined)[] {
  const by = new Array<CauseClass | undefined>(size).fill(undefined);
  for (const [name, values] of classes) for (const value of values) by[value] = name;
  return by;
}
