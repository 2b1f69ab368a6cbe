/** When a delivery that failed is tried again. Pure. */

/**
 * Seconds to wait after the first, second, … failed attempt: the schedule that Standard Webhooks recommends, ten attempts in 75.6 hours.
 */
export const retryDelaysSeconds: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Longest wait that a Retry-After is granted: a day. */
export const longestRetryAfterSeconds = 86_400;

/** Share of a delay by which it is stretched at random, so that what failed together does not come back together. */
const jitter = 0.2;

/**
 * Milliseconds to wait after failed attempt number `attempt`; undefined = given up.
 * A Retry-After makes the wait longer, never shorter, and is capped.
 * @param attempt from 1
 * @param random 0 to 1
 * @example retryDelayMs(1, undefined, 0) // 5000
 * @example retryDelayMs(1, 60, 0.5) // 66000
 * @example retryDelayMs(10, undefined, 0) // undefined
 */
export function retryDelayMs(attempt: number, retryAfterSeconds: number | undefined, random: number): number | undefined {
  const scheduled = retryDelaysSeconds[attempt - 1];
  if (scheduled === undefined) return undefined;
  const asked = Math.min(retryAfterSeconds ?? 0, longestRetryAfterSeconds);
  return Math.round(Math.max(scheduled, asked) * 1000 * (1 + jitter * random));
}
