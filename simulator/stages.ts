/** The stages behind the switch, and what becomes of an event at each. */
import type { UsageEvent } from './event.ts';
import type { Injection } from './scenario.ts';

export type Stage = 'mediation' | 'rating' | 'billing';

/**
 * unseen: never reached the stage, so that not even its counters know; vanished: taken in and gone without a word; filtered, suspended and
 * duplicate: taken out and counted as such.
 */
export type Fate = 'unseen' | 'vanished' | 'filtered' | 'suspended' | 'duplicate';

const before: Readonly<Record<Stage, readonly Stage[]>> = { mediation: [], rating: ['mediation'], billing: ['mediation', 'rating'] };

/** Injections that decide at stages: none in most worlds. */
export const deciding = (injections: readonly Injection[]): readonly Injection[] => injections.filter(({ stage }) => stage);

/** What the first scenario that takes an event away at a stage does to it; undefined = the stage hands it on. */
export function fateAt(
  event: UsageEvent,
  stage: Stage,
  decide: readonly Injection[],
): { readonly fate: Fate; readonly by: Injection } | undefined {
  for (const by of decide) {
    const fate = by.stage!(event, stage);
    if (fate) return { fate, by };
  }
  return undefined;
}

/** Whether an event comes out of a stage: handed on by it and by all before it. */
export function comesOut(event: UsageEvent, stage: Stage, decide: readonly Injection[]): boolean {
  if (decide.length === 0) return true;
  return !before[stage].some((each) => fateAt(event, each, decide)) && !fateAt(event, stage, decide);
}

/** Whether an event comes to a stage: out of all before it. */
export function comesTo(event: UsageEvent, stage: Stage, decide: readonly Injection[]): boolean {
  return decide.length === 0 || !before[stage].some((each) => fateAt(event, each, decide));
}
