/** Who does something when several processes could: an insert under a token, then the winner is read back. */
import type { Clock } from '../core/clock.ts';
import { writeInstant } from '../core/row.ts';
import type { Store } from '../sql/store.ts';

/**
 * Whether `owner` holds `key` in `epoch`. Of all who ever ask for the same key and epoch exactly one owner gets true, however often it asks.
 * @param epoch grows with each change of owner; an epoch that was won is never lost
 */
export type Claim = (key: string, owner: string, epoch: number) => Promise<boolean>;

/** Claims of one tenant in the table `claims`. Rejects with a WeirError when ClickHouse does not answer: nobody knows then who won. */
export function createClaim(options: { readonly store: Store; readonly clock: Clock; readonly tenant: string }): Claim {
  const { store, clock, tenant } = options;
  return async (key, owner, epoch) => {
    const row = { tenant, claim_key: key, owner, epoch, at: writeInstant(clock.now()) };
    await store.insert('claims', [row], `claim/${tenant}/${key}/${epoch}`);
    const winners = await store.rows<{ owner: string }>('claim-winner', { tenant, claim_key: key, epoch });
    return winners[0]?.owner === owner;
  };
}
