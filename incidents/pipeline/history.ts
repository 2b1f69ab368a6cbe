/** Firing, cleared, firing: what debounce and flapping are judged from. Pure. */
import type { Debounce, PipelineSettings } from './settings.ts';

/** When a finding began to fire or cleared, the oldest first. */
export interface Change {
  readonly at: number;
  readonly firing: boolean;
}

/** Changes of one finding that are remembered. */
export const mostChanges = 40;

/** The history with one more word; a word that says the same again changes nothing. */
export function withWord(history: readonly Change[], at: number, firing: boolean): readonly Change[] {
  if (history.at(-1)?.firing === firing || (history.length === 0 && !firing)) return history;
  return [...history.slice(-(mostChanges - 1)), { at, firing }];
}

/**
 * In how many of the last `of` windows it fired. A window is as long as that of the finding, the last one is the one that holds `now`. A
 * detector speaks when something changes, so what fires and was not cleared has fired in every window since.
 * @example windowsFiring([{ at: 0, firing: true }], 60_000, 3, 130_000) // 3
 * @example windowsFiring([{ at: 0, firing: true }, { at: 61_000, firing: false }], 60_000, 3, 130_000) // 2
 */
export function windowsFiring(history: readonly Change[], windowMs: number, of: number, now: number): number {
  const first = history.find(({ firing }) => firing)?.at;
  if (first === undefined) return 0;
  const last = Math.floor((now - first) / windowMs);
  let count = 0;
  for (let window = Math.max(0, last - of + 1); window <= last; window++) {
    const from = first + window * windowMs;
    if (firedIn(history, from, Math.min(from + windowMs, now + 1))) count++;
  }
  return count;
}

function firedIn(history: readonly Change[], from: number, to: number): boolean {
  return history.some(({ at, firing }, index) => firing && at < to && (history[index + 1]?.at ?? Number.POSITIVE_INFINITY) > from);
}

/** The debounce of a detector. */
export function debounceOf({ debounce }: Pick<PipelineSettings, 'debounce'>, detector: string): Debounce {
  return debounce[detector] ?? debounce['default'] ?? { n: 1, of: 1 };
}

/**
 * Why a finding has to wait; undefined when it fired in enough windows.
 * @example waitText([{ at: 0, firing: true }], 60_000, { n: 2, of: 3 }, 1_000) // 'It fired in 1 of the last 3 windows, 2 are needed.'
 */
export function waitText(history: readonly Change[], windowMs: number, { n, of }: Debounce, now: number): string | undefined {
  if (n <= 1) return undefined;
  const fired = windowsFiring(history, Math.max(windowMs, 60_000), of, now);
  return fired >= n ? undefined : `It fired in ${fired} of the last ${of} windows, ${n} are needed.`;
}

/**
 * Changes within the last `withinMs`.
 * @example changesWithin([{ at: 0, firing: true }, { at: 5, firing: false }], 3, 6) // 1
 */
export function changesWithin(history: readonly Change[], withinMs: number, now: number): number {
  return history.filter(({ at }) => at > now - withinMs).length;
}

/** Whether it flaps: from `changes` on, and then until there are no more than `release`. */
export function flaps(
  history: readonly Change[],
  was: boolean,
  { changes, release, withinMs }: PipelineSettings['flapping'],
  now: number,
): boolean {
  const count = changesWithin(history, withinMs, now);
  return was ? count > release : count >= changes;
}
