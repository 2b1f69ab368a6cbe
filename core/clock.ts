/** The only way to ask what time it is, so that demo, backtest, replay and live run the same path. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

/**
 * A clock that stands where it is put.
 * @example fixedClock(Date.UTC(2026, 0, 1)).now() // 1767225600000
 */
export function fixedClock(instant: number): Clock {
  return { now: () => instant };
}
