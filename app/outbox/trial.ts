/** Telling one target of an incident that is none, to see whether it takes it. */
import { randomBytes } from 'node:crypto';
import type { Incident } from '../../core/incident.ts';
import type { Answer } from '../../incidents/notify/answer.ts';
import { openIncident } from '../../incidents/open.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { advance } from '../../incidents/transition.ts';
import type { Deliver } from './target.ts';

/** What one step of a trial was answered. */
export interface TrialStep {
  readonly transition: string;
  readonly outcome: Answer['outcome'];
  readonly http_status: number;
  /** What was said; empty = nothing. */
  readonly said: string;
}

/** An incident of severity 5 that says that it is none, opened now. @param publicUrl address of the console, empty = no link */
export function trialIncident(tenant: string, now: number, publicUrl: string): Incident {
  const at = new Date(now).toISOString();
  const key = `test-${randomBytes(6).toString('hex')}`;
  return openIncident(
    {
      finding_key: key,
      detector: 'test',
      title: 'Test of Weir: please ignore',
      kind: 'data',
      tenant,
      metric: 'test',
      scope: { source: 'test' },
      window: { from: at, to: at },
      detected_at: at,
      began_at: at,
      observed: 0,
      expected: 0,
      lower: 0,
      upper: 0,
      unit: 'tests',
      direction: 'none',
      score: 0,
      effect: 0,
      customers: { count: 0, segments: {} },
      explanation: [],
      change_suspects: [],
      evidence: { sql: '', sample_record_ids: [] },
      data_quality: { completeness: 1, lag_s: 0 },
      summary: 'Somebody tried whether Weir reaches this target. Nothing is wrong, and nothing is to be done.',
      state: 'firing',
    },
    undefined,
    { ...defaultIncidentSettings, teams: {}, publicUrl },
    { now, hash: () => randomBytes(12).toString('hex') },
  );
}

/** Opens the incident there and resolves it again; stops where something is not taken. */
export async function tryTelling(deliver: Deliver, incident: Incident, now: () => number): Promise<TrialStep[]> {
  const ended = advance(incident, 'resolved', now(), 'weir', 'The test is over.', { state: 'resolved' });
  const steps: TrialStep[] = [];
  for (const transition of [incident, { ...ended, resolved_at: ended.updated_at }]) {
    const answer = await deliver(transition, now());
    steps.push({
      transition: transition.transition,
      outcome: answer.outcome,
      http_status: answer.status,
      said: answer.outcome === 'delivered' ? (answer.note ?? '') : 'error' in answer ? answer.error : '',
    });
    if (answer.outcome !== 'delivered') break;
  }
  return steps;
}
