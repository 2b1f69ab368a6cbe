/** Two at once: who may work on something, decided by the first insert under a deduplication token, then read back. */
import { writeInstant } from '../../core/row.ts';
import type { DetectionStore } from './port.ts';

/** Who claims, and in which turn of ownership. */
export interface Claim {
  readonly tenant: string;
  /** What is claimed: a shard of series, an incident key, an outbox endpoint. */
  readonly key: string;
  readonly owner: string;
  /** Grows with each change of owner: a higher one is a new claim. */
  readonly epoch: number;
  /** The clock's instant. */
  readonly instant: number;
}

/**
 * True when the claim is ours: of all that claim the same key and epoch exactly one gets true, and a retry by the same owner gets
 * the same answer. ClickHouse has no compare-and-set, but of inserts under one token it keeps the first.
 */
export async function claim(store: DetectionStore, { tenant, key, owner, epoch, instant }: Claim): Promise<boolean> {
  const row = { tenant, claim_key: key, owner, epoch, at: writeInstant(instant) };
  await store.insert('claims', [row], `claim/${tenant}/${key}/${epoch}`);
  const [winner] = await store.rows<{ owner: string }>('detect-claim', { tenant, claim_key: key, epoch }, { timeoutMs: 10_000 });
  return winner?.owner === owner;
}
