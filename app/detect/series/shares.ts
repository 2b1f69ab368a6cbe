/**
 * Which parts of the detectors are this process's, when several run: each says every half epoch that it lives, and a part belongs to the
 * living process that its name falls to (rendezvous hashing), so few parts move when one comes or goes. Two may judge the same part
 * for an epoch; that opens no incident twice, because the key of a finding does not depend on who says it.
 */
import type { Clock } from '../../../core/clock.ts';
import { findingKey } from '../../../core/key.ts';
import type { Claim } from '../../claim.ts';
import type { DetectionStore } from '../port.ts';

export interface Shares {
  /** Says that this process lives and reads who else does. */
  refresh(instant: number): Promise<void>;
  owns(key: string): boolean;
}

/** How long one epoch lasts: a process that dies leaves its parts unwatched for at most two. */
export const memberEpochMs = 30_000;

/**
 * The owner that a part falls to: the one whose hash with the part is the largest.
 * @example ownerOf('usage_volume/switch/0', ['a']) // 'a'
 */
export function ownerOf(key: string, owners: readonly string[]): string | undefined {
  let best: string | undefined;
  let highest = '';
  for (const owner of owners) {
    const weight = findingKey('', owner, '', { key });
    if (best === undefined || weight > highest || (weight === highest && owner < best)) {
      best = owner;
      highest = weight;
    }
  }
  return best;
}

export function createShares(options: {
  readonly store: DetectionStore;
  readonly claim: Claim;
  readonly clock: Clock;
  readonly tenant: string;
  readonly owner: string;
}): Shares {
  const { store, claim, clock, tenant, owner } = options;
  let members: readonly string[] = [owner];
  let saidIn = -1;
  return {
    async refresh() {
      const epoch = Math.floor(clock.now() / memberEpochMs);
      if (epoch === saidIn) return;
      await claim(`series-member/${owner}`, owner, epoch);
      const rows = await store.rows<{ owner: string }>('series-members', { tenant, since: epoch - 1 }, { timeoutMs: 10_000 });
      members = rows.length === 0 ? [owner] : rows.map((row) => row.owner);
      saidIn = epoch;
    },
    owns: (key) => ownerOf(key, members) === owner,
  };
}
