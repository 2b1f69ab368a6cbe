/** Plan and segment by subscription pseudonym: open addressing over typed arrays, since a Map of a million bigints costs 100 MB. */
import type { SubscriptionFacts } from '../core/context.ts';
import { split64, splitHigh, splitLow } from './lanes.ts';

export interface SubscriptionRow {
  /** UInt64 as the store gives it: a decimal string. */
  readonly subscription: string | bigint;
  readonly plan?: string;
  readonly segment?: string;
  readonly valid_from?: string;
}

export interface SubscriptionTable {
  find(pseudonym: bigint): SubscriptionFacts | undefined;
  readonly leftOut: number;
}

/** Holds at most `limit` subscriptions and 65,535 different pairs of plan and segment; the later row of a key wins. */
export function createSubscriptionTable(rows: readonly SubscriptionRow[], limit: number): SubscriptionTable {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * Math.min(limit, rows.length))));
  const mask = slots - 1;
  // four words a slot, so that a look-up touches one line of memory: key low, key high, index into facts (0 = free), unused
  const table = new Uint32Array(slots * 4);
  const facts: SubscriptionFacts[] = [{ plan: '', segment: '' }];
  const known = new Map<string, number>();
  let held = 0;
  let leftOut = 0;

  /** First word of the slot of the key that was split last, or of the free one where it belongs. */
  const find = (): number => {
    const low = splitLow();
    const high = splitHigh();
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    for (;;) {
      const at = slot * 4;
      if (table[at + 2] === 0 || (table[at] === low && table[at + 1] === high)) return at;
      slot = (slot + 1) & mask;
    }
  };

  for (const { subscription, plan = '', segment = '' } of rows) {
    const pseudonym = BigInt(subscription);
    if (pseudonym === 0n) continue;
    split64(pseudonym);
    const at = find();
    const name = `${plan}\u0000${segment}`;
    let index = known.get(name);
    if ((table[at + 2] === 0 && held >= limit) || (index === undefined && facts.length > 65_535)) {
      leftOut += 1;
      continue;
    }
    if (index === undefined) {
      index = facts.push({ plan, segment }) - 1;
      known.set(name, index);
    }
    if (table[at + 2] === 0) held += 1;
    table[at] = splitLow();
    table[at + 1] = splitHigh();
    table[at + 2] = index;
  }

  return {
    leftOut,
    find(pseudonym) {
      if (held === 0 || pseudonym === 0n) return undefined;
      split64(pseudonym);
      const index = table[find() + 2]!;
      return index === 0 ? undefined : facts[index];
    },
  };
}
