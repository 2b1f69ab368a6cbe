/** When a watched operator is looked at: often where something is planted, seldom elsewhere. */
import type { ServicePlan, Truth } from '../../simulator/index.ts';

const second = 1000;
const minute = 60 * second;
/** Twice a minute in the first minutes of a fault, then each minute: so soon must it be found, or it is late anyway. */
const firstMs = 6 * minute;
const closeMs = 12 * minute;
/** What grows is looked at each minute for longer. */
const growingMs = 40 * minute;

export interface StepOptions {
  readonly plan: Pick<ServicePlan, 'scenarios'>;
  /** ms. */
  readonly begin: number;
  readonly to: number;
  /** Between two looks where nothing is planted, ms. */
  readonly quietMs: number;
}

/**
 * Instants at which files are closed, in order: on a grid, and around each fault from two minutes before it. A look-alike is looked at on the grid: what
 * would open an incident about it has its time.
 */
export function stepsOf({ plan, begin, to, quietMs }: StepOptions): readonly number[] {
  const steps = new Set<number>();
  const add = (from: number, end: number, every: number): void => {
    for (let at = Math.ceil(from / every) * every; at <= end; at += every) steps.add(at);
  };
  add(begin + quietMs, to, quietMs);
  for (const { truth } of plan.scenarios) {
    const { nature, from, to: end, onset }: Truth = truth();
    if (nature !== 'fault') continue;
    add(from - 2 * minute, from, minute);
    add(from, from + firstMs, 30 * second);
    add(from, Math.min(end, from + (onset === 'drift' ? growingMs : closeMs)), minute);
    add(end, end + 2 * minute, minute);
  }
  return [...steps].filter((at) => at > begin && at <= to).sort((a, b) => a - b);
}
