/** Scenarios about single records as one leg writes them. */
import type { Scenario } from '../scenario.ts';
import { tally } from './tally.ts';

/** How a node spoils its records after a faulty change: a time of a thirteenth month, or a volume with a unit that nobody knows. */
export type Spoiling = 'time' | 'volume';

/** A node that writes records which cannot be read (S12). @param share of its records. */
export function suspenseBurst(feed: string, from: number, to: number, spoiling: Spoiling, share: number): Scenario {
  const count = tally({ scenario: 'suspense-burst', nature: 'leak', control: 'S12', scope: { source: feed }, from, to });
  return {
    name: 'suspense-burst',
    summary: `${feed} writes records that cannot be read: ${spoiling === 'time' ? 'an impossible time' : 'a volume in an unknown unit'}.`,
    inject: {
      record(draft, usage) {
        const { event } = draft;
        if (usage.feed !== feed || event.closedAt < from || event.closedAt >= to || event.lot >= share * 4294967296) return;
        if (spoiling === 'time') draft.start = '2026-13-45T99:00:00';
        else draft.octetsDown = `${draft.octetsDown}blk`;
        count.record(event.charge);
      },
    },
    truth: count.truth,
  };
}
