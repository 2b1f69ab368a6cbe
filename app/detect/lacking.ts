/**
 * Nightly controls that lacked data are asked again before the next night, once something came: who has just loaded a month of files waits minutes for
 * what they say, not until tomorrow. Each time twice as long after the time before, so that what stays without data costs nothing. Pure state.
 */
import type { Judgement } from '../../core/definition.ts';

const firstMs = 60_000;

export interface Lacking {
  /** Takes what a nightly control said. */
  judged(control: string, judgements: readonly Judgement[]): void;
  /** Something was stored. */
  came(): void;
  /** Whether controls that lacked data are to be asked at this instant: then `has` says which, until `asked`. */
  due(instant: number): boolean;
  has(control: string): boolean;
  asked(instant: number): void;
}

/**
 * @param startedAt clock instant of the start, ms
 * @example createLacking(0).due(60_000) // false
 */
export function createLacking(startedAt: number): Lacking {
  const controls = new Set<string>();
  let pauseMs = firstMs;
  let from = startedAt + firstMs;
  let brought = false;
  return {
    judged(control, judgements) {
      if (judgements.length === 0 || judgements.some(({ state }) => state === 'not_applicable')) controls.add(control);
      else controls.delete(control);
    },
    came: () => {
      brought = true;
    },
    due: (instant) => brought && instant >= from && controls.size > 0,
    has: (control) => controls.has(control),
    asked(instant) {
      brought = false;
      pauseMs *= 2;
      from = instant + pauseMs;
    },
  };
}
