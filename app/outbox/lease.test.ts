import { describe, expect, it } from 'vitest';
import type { Claim } from '../claim.ts';
import { createLease, leaseMs } from './lease.ts';

/** Claims as the table decides them: the first one wins. */
function claims(): Claim {
  const owners = new Map<string, string>();
  return async (key, owner, epoch) => {
    const name = `${key}/${epoch}`;
    if (!owners.has(name)) owners.set(name, owner);
    return owners.get(name) === owner;
  };
}

function two() {
  const clock = { instant: 0, now: () => clock.instant };
  const claim = claims();
  const lease = (owner: string) => createLease({ claim, clock, key: 'outbox/a', owner });
  return { clock, claim, lease };
}

describe('a lease', () => {
  it('is held by one process at a time', async () => {
    const { clock, lease } = two();
    const [a, b] = [lease('a'), lease('b')];
    for (let instant = 0; instant < 10 * leaseMs; instant += 1_000) {
      clock.instant = instant;
      expect([(await a.heldUntil()) > instant, (await b.heldUntil()) > instant]).toEqual([true, false]);
    }
  });

  it('passes on when the holder falls silent, after one epoch at most', async () => {
    const { clock, lease } = two();
    await lease('a').heldUntil();
    const b = lease('b');
    clock.instant = leaseMs - 1;
    expect(await b.heldUntil()).toBe(0);
    clock.instant = leaseMs;
    expect(await b.heldUntil()).toBe(2 * leaseMs);
  });

  it('goes on at once when the holder starts again', async () => {
    const { clock, lease } = two();
    await lease('a').heldUntil();
    clock.instant = 5;
    expect(await lease('a').heldUntil()).toBe(leaseMs);
  });

  it('is not held when nobody can say who won, and is asked for again', async () => {
    const { clock, claim } = two();
    let broken = true;
    const fails: Claim = (...args) => (broken ? Promise.reject(new Error('away')) : claim(...args));
    const lease = createLease({ claim: fails, clock, key: 'k', owner: 'a' });
    await expect(lease.heldUntil()).rejects.toThrow('away');
    broken = false;
    expect(await lease.heldUntil()).toBe(leaseMs);
  });
});
