/** Devices that come and go, with hysteresis: it begins at many changes within a time and ends at few. */

export interface FlappingLimits {
  /** Changes within `withinMs` from which on it flaps. */
  readonly changes: number;
  /** Changes within `withinMs` from which down it flaps no longer; below `changes`. */
  readonly release: number;
  readonly withinMs: number;
}

export interface Flapping {
  readonly flaps: boolean;
  /** Since when; NaN while it does not. */
  readonly since: number;
  /** Changes within the time before `now`. */
  readonly changes: number;
}

/**
 * Whether a device flaps at an instant, by the times of its changes. A state machine that is run from the first change on, so the same
 * changes always give the same answer, after a restart and with late ones too.
 * @param times in ascending order, ms
 * @example flappingAt([0, 1, 2, 3], 3, { changes: 4, release: 1, withinMs: 10 }) // { flaps: true, since: 3, changes: 4 }
 */
export function flappingAt(times: readonly number[], now: number, { changes, release, withinMs }: FlappingLimits): Flapping {
  let flaps = false;
  let since = Number.NaN;
  let from = 0;
  let to = 0;
  for (; to < times.length && times[to]! <= now; to++) {
    const at = times[to]!;
    while (from < to && times[from]! <= at - withinMs) from++;
    // Just before this change the count was at its lowest since the one before.
    if (flaps && to - from <= release) flaps = false;
    if (!flaps && to + 1 - from >= changes) {
      flaps = true;
      since = at;
    }
  }
  while (from < to && times[from]! <= now - withinMs) from++;
  if (flaps && to - from <= release) flaps = false;
  return { flaps, since: flaps ? since : Number.NaN, changes: to - from };
}
