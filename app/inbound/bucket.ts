/** How much is taken in a minute. */
import type { Clock } from '../../core/clock.ts';

/** Takes one; answers the seconds to wait when there is none left, else 0. */
export type Bucket = () => number;

/**
 * A bucket of `perMinute` that fills evenly.
 * @example createBucket({ now: () => 0 }, 1)() // 0
 */
export function createBucket(clock: Clock, perMinute: number): Bucket {
  let left = perMinute;
  let at = clock.now();
  return () => {
    const now = clock.now();
    left = Math.min(perMinute, left + ((now - at) * perMinute) / 60_000);
    at = now;
    if (left < 1) return Math.ceil(((1 - left) * 60) / perMinute);
    left -= 1;
    return 0;
  };
}
