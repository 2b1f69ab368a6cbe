/** Targets against a recording server: for tests. */
import type { Incident } from '../../core/incident.ts';
import { act } from '../act.ts';
import { exchange } from '../notify/exchange.ts';
import { type Memory, type Remembered, readBytes, type Target, type Tools } from '../notify/target.ts';
import { advance } from '../transition.ts';
import { incidentOf, testEpoch } from './finding.ts';

/** A memory that a test can look into. */
export function testMemory(kept: Map<string, Remembered> = new Map()): Memory & { readonly kept: Map<string, Remembered> } {
  return {
    kept,
    recall: async (id) => kept.get(id),
    keep: async (id, remembered) => {
      kept.set(id, remembered);
    },
  };
}

/** What a target works with in a test: the real way of sending. */
export function testTools(memory: Memory = testMemory()): Tools {
  return { memory, now: testEpoch + 600_000, send: (request) => exchange(request, { timeoutMs: 5_000, readBytes }) };
}

/** Delivers transitions one after the other; answers what became of each. */
export async function tell(target: Target, incidents: readonly Incident[], tools: Tools = testTools()): Promise<string[]> {
  const answers: string[] = [];
  for (const incident of incidents) {
    const answer = await target.deliver(incident, tools);
    answers.push(answer.outcome);
  }
  return answers;
}

/** The life of an incident: opened, acknowledged, commented on, worse, resolved by Weir, reopened, closed. */
export function lifeOf(
  changes: Parameters<typeof incidentOf>[0] = {},
): Readonly<Record<'opened' | 'acknowledged' | 'commented' | 'updated' | 'resolved' | 'reopened' | 'closed', Incident>> {
  const at = (minutes: number): number => testEpoch + minutes * 60_000;
  const acted = (incident: Incident, type: 'acknowledge' | 'comment' | 'close', minutes: number): Incident => {
    const result = act(incident, { type, actor: 'ana', note: `${type} by hand` }, at(minutes));
    if (result.outcome !== 'changed') throw new Error(result.outcome);
    return result.incident;
  };
  const opened = incidentOf(changes);
  const acknowledged = acted(opened, 'acknowledge', 1);
  const commented = acted(acknowledged, 'comment', 2);
  const updated = advance(commented, 'updated', at(3), 'weir', 'severity 3 → 1', { severity: 1 });
  const cleared = advance(updated, 'resolved', at(4), 'weir', 'The finding has cleared.', { state: 'resolved' });
  const resolved = { ...cleared, resolved_at: cleared.updated_at };
  const reopened = advance(resolved, 'reopened', at(5), 'weir', 'It happened again.', { state: 'open' });
  const closed = acted(reopened, 'close', 6);
  return { opened, acknowledged, commented, updated, resolved, reopened, closed };
}
