/** Sums of the leaves over one set of dimensions: the counts of every combination of their values. */
import type { Leaves } from './cells.ts';

/** Sums per combination. The arrays are reused: they hold until the next call of the same grouper. */
export interface Groups {
  count: number;
  /** The first leaf of each combination: its codes name the combination. */
  readonly first: Int32Array;
  /** Observed, expected and trials of each combination, three numbers side by side: one cache line serves all. */
  readonly sums: Float64Array;
}

/** Numbers per combination in `sums`. */
export const stride = 3;

/** Sums leaves over the dimensions of the given indexes. */
export type Grouper = (dimensions: readonly number[]) => Groups;

/** Keys of combinations: 32-bit where the dictionaries allow, which is twice as fast. */
type Keys = Int32Array | Float64Array;

const none = -1;

/** Largest number of directly addressed combinations: 1 MB of slots stay in a second-level cache. */
const mostDirectSlots = 1 << 18;

/**
 * Makes a grouper with its scratch memory: O(leaves) per call, a table of direct slots where the combinations are few, an open-addressed
 * hash where they are many. RangeError when the dictionaries multiply beyond 2^53: fold rare values into one first.
 */
export function newGrouper(leaves: Leaves, cardinalities: readonly number[]): Grouper {
  const rows = leaves.observed.length;
  const hashSlots = 2 ** Math.ceil(Math.log2(Math.max(16, 2 * rows)));
  const slots = new Int32Array(Math.max(mostDirectSlots, hashSlots));
  const groups: Groups = { count: 0, first: new Int32Array(rows), sums: new Float64Array(stride * rows) };
  const narrow = new Int32Array(rows);
  let wide: Float64Array | undefined;

  return (dimensions) => {
    const space = dimensions.reduce((product, dimension) => product * Math.max(1, cardinalities[dimension]!), 1);
    if (space > Number.MAX_SAFE_INTEGER) throw new RangeError('The dimensions have too many values together: fold rare values into one.');
    if (space >= 2 ** 31) wide ??= new Float64Array(rows);
    const keys = space >= 2 ** 31 && wide ? wide : narrow;
    pack(leaves, cardinalities, dimensions, keys);
    groups.count = 0;
    if (space <= mostDirectSlots) sumDirect(groups, leaves, keys, slots.fill(none, 0, space));
    else sumHashed(groups, leaves, keys, slots.fill(none, 0, hashSlots), hashSlots - 1);
    return groups;
  };
}

function sumDirect(groups: Groups, leaves: Leaves, keys: Keys, slots: Int32Array): void {
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row]!;
    if (key < 0) continue;
    let group = slots[key]!;
    if (group === none) {
      group = open(groups, row);
      slots[key] = group;
    }
    add(groups.sums, stride * group, leaves, row);
  }
}

function sumHashed(groups: Groups, leaves: Leaves, keys: Keys, slots: Int32Array, mask: number): void {
  const { first } = groups;
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row]!;
    if (key < 0) continue;
    let slot = hashOf(key) & mask;
    let group = slots[slot]!;
    while (group !== none && keys[first[group]!] !== key) {
      slot = (slot + 1) & mask;
      group = slots[slot]!;
    }
    if (group === none) {
      group = open(groups, row);
      slots[slot] = group;
    }
    add(groups.sums, stride * group, leaves, row);
  }
}

function open(groups: Groups, row: number): number {
  const group = groups.count++;
  const at = stride * group;
  groups.first[group] = row;
  groups.sums[at] = 0;
  groups.sums[at + 1] = 0;
  groups.sums[at + 2] = 0;
  return group;
}

function add(sums: Float64Array, at: number, { observed, expected, trials }: Leaves, row: number): void {
  sums[at]! += observed[row]!;
  sums[at + 1]! += expected[row]!;
  if (trials) sums[at + 2]! += trials[row]!;
}

function hashOf(key: number): number {
  const hash = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 4294967296) | 0, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

/** Mixed-radix key per leaf, -1 where a value is missing. */
function pack(leaves: Leaves, cardinalities: readonly number[], dimensions: readonly number[], keys: Keys): void {
  keys.set(leaves.codes[dimensions[0]!]!);
  for (const dimension of dimensions.slice(1)) {
    const size = cardinalities[dimension]!;
    const codes = leaves.codes[dimension]!;
    for (let row = 0; row < keys.length; row++) {
      const code = codes[row]!;
      const key = keys[row]!;
      keys[row] = code < 0 || key < 0 ? none : key * size + code;
    }
  }
}
