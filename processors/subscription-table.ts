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
  const lows = new Uint32Array(slots);
  const highs = new Uint32Array(slots);
  const factsAt = new Uint16Array(slots);
  const facts: SubscriptionFacts[] = [{ plan: '', segment: '' }];
  const known = new Map<string, number>();
  let held = 0;
  let leftOut = 0;

  /** Slot of the key that was split last, or the free one where it belongs. */
  const slot = (): number => {
    const low = splitLow();
    const high = splitHigh();
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    while (factsAt[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask;
    return at;
  };

  for (const { subscription, plan = '', segment = '' } of rows) {
    const pseudonym = BigInt(subscription);
    if (pseudonym === 0n) continue;
    split64(pseudonym);
    const at = slot();
    const name = `${plan}\u0000${segment}`;
    let index = known.get(name);
    if ((factsAt[at] === 0 && held >= limit) || (index === undefined && facts.length > 65_535)) {
      leftOut += 1;
      continue;
    }
    if (index === undefined) {
      index = facts.push({ plan, segment }) - 1;
      known.set(name, index);
    }
    if (factsAt[at] === 0) held += 1;
    lows[at] = splitLow();
    highs[at] = splitHigh();
    factsAt[at] = index;
  }

  return {
    leftOut,
    find(pseudonym) {
      if (held === 0 || pseudonym === 0n) return undefined;
      split64(pseudonym);
      const index = factsAt[slot()]!;
      return index === 0 ? undefined : facts[index];
    },
  };
}
