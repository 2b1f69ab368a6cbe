/** Why a leak was missed, as far as the results of its control tell. */
import type { Truth } from '../../simulator/index.ts';
import type { ResultNote } from './operator.ts';
import { fits, labelsOf } from './score.ts';

/** The notes that the control left about the scope and time of the leak, the most frequent first. */
export function whyMissed(truth: Truth, results: readonly ResultNote[]): string {
  const notes = new Map<string, number>();
  for (const { control, state, note, cell, from, to, times } of results) {
    if (control !== truth.control || to <= truth.from || from >= truth.to) continue;
    if (!fits(truth.scope, labelsOf({ scope: cell }))) continue;
    const text = state === 'ok' && note !== '' ? note : `${state}${note === '' ? '' : `: ${note}`}`;
    notes.set(text, (notes.get(text) ?? 0) + times);
  }
  const most = [...notes].sort((a, b) => b[1] - a[1]).slice(0, 3);
  return most.length === 0 ? 'judged as well' : most.map(([text, times]) => `${text} (${times} times)`).join('; ');
}
