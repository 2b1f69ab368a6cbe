/** Runbooks by identity of the control. */
import { fileRunbooks } from './files.ts';
import { legRunbooks } from './legs.ts';
import type { Runbook } from './runbook.ts';

export type { Runbook } from './runbook.ts';

export const runbooks: Readonly<Record<string, Runbook>> = { ...fileRunbooks, ...legRunbooks };

/** @example runbookOf('S01')?.recover.length // 3 */
export function runbookOf(identity: string): Runbook | undefined {
  return runbooks[identity];
}
