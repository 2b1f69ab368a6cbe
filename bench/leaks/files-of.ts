/** What a simulated operator sends, step by step, in the order in which it arrives. */
import { type Scenario, type SimulatedFile, startRun, type World } from '../../simulator/index.ts';

const minute = 60_000;

export interface Sender {
  /** Files that have arrived when the event time has passed `to`: closed by then, and not held back any longer. */
  next(to: number, flush?: boolean): readonly SimulatedFile[];
}

/** @param from first instant of the operator, ms */
export function openSender(world: World, from: number, scenarios: readonly Scenario[]): Sender {
  const run = startRun(world, { from, scenarios });
  /** What comes later than it was closed. */
  let held: SimulatedFile[] = [];
  return {
    next(to, flush = false) {
      held.push(...[...run.until(to, to - run.now(), flush)].filter(({ kind }) => kind !== 'measurement'));
      const due = held.filter(({ modifiedAt }) => modifiedAt <= to + minute).sort((a, b) => a.modifiedAt - b.modifiedAt);
      held = held.filter(({ modifiedAt }) => modifiedAt > to + minute);
      return due;
    },
  };
}
