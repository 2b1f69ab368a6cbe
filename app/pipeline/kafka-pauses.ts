/** Pauses before a source or a partition is tried again, in ms; the last one repeats. */
const pauses = [200, 500, 1000, 2000, 5000, 10_000] as const;

/** @param failures so far, one after the other @example pauseAfter(0) // 200 @example pauseAfter(99) // 10000 */
export function pauseAfter(failures: number): number {
  return pauses[Math.min(failures, pauses.length - 1)] as number;
}
