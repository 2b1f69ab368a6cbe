/** Slows down who guesses: failed attempts per address and minute. Who was let in before stays in. */
import type { Clock } from '../../core/clock.ts';

export interface Throttle {
  /** Seconds until the address may try again; 0 = now. */
  wait(address: string): number;
  failed(address: string): void;
  /** Remembers that this holder came in from this address. */
  passed(address: string, holder: string): void;
  knows(address: string, holder: string): boolean;
}

const windowMs = 60_000;
const mostAddresses = 10_000;

/** @param limit failed attempts within a minute that are answered; more wait for its end */
export function createThrottle(clock: Clock, limit = 10): Throttle {
  const failures = new Map<string, { count: number; until: number }>();
  const known = new Set<string>();
  return {
    wait(address) {
      const entry = failures.get(address);
      const left = entry ? entry.until - clock.now() : 0;
      return entry && entry.count >= limit && left > 0 ? Math.ceil(left / 1000) : 0;
    },
    failed(address) {
      const now = clock.now();
      const entry = failures.get(address);
      if (entry && entry.until > now) {
        entry.count++;
        return;
      }
      failures.delete(address);
      if (failures.size >= mostAddresses) failures.delete(failures.keys().next().value as string);
      failures.set(address, { count: 1, until: now + windowMs });
    },
    passed(address, holder) {
      if (known.size >= mostAddresses) known.clear();
      known.add(`${address} ${holder}`);
    },
    knows: (address, holder) => known.has(`${address} ${holder}`),
  };
}
