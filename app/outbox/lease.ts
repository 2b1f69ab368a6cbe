/** A claim that is held for some time and renewed: exactly one of several processes works on something at a time. */
import type { Clock } from '../../core/clock.ts';
import type { Claim } from '../claim.ts';

export interface Lease {
  /** Until when this process holds the lease, ms; 0 = another one does. Renews it on the way: call it before each piece of work. */
  heldUntil(): Promise<number>;
}

/** How long one epoch lasts at least. A process that dies keeps the others waiting for at most this long; the same owner goes on at once. */
export const leaseMs = 30_000;

/**
 * A lease over `key`. Time is cut into epochs of `epochMs` (default {@link leaseMs}, the same in all processes); whoever claims an epoch
 * first holds it. The holder claims the next epoch in the second half of the current one, others only once it has begun, so it stays
 * where it is while it lives.
 * Clocks that differ make two processes hold it for as long as they differ: work under a lease must bear being done twice.
 */
export function createLease(options: {
  readonly claim: Claim;
  readonly clock: Clock;
  readonly key: string;
  readonly owner: string;
  readonly epochMs?: number;
}): Lease {
  const { claim, clock, key, owner, epochMs = leaseMs } = options;
  let asked = -1;
  let until = 0;

  async function ask(epoch: number): Promise<void> {
    if (epoch <= asked) return;
    const won = await claim(key, owner, epoch);
    asked = epoch;
    if (won) until = (epoch + 1) * epochMs;
  }

  return {
    heldUntil: async () => {
      const now = clock.now();
      const epoch = Math.floor(now / epochMs);
      await ask(epoch);
      if (until === (epoch + 1) * epochMs && now >= (epoch + 0.5) * epochMs) await ask(epoch + 1);
      return until > now ? until : 0;
    },
  };
}
