/** What became of a finding on its way to an incident, and why. Every word of every finding gets one. */
import type { Finding } from '../../core/finding.ts';

/**
 * `own`: its incident; `symptom`: of an incident with the same cause; `child`: of an incident above it; `suppressed`, `gated`, `waiting`: held,
 * judged again; `cleared`: over before it was one; `stale`, `repeated`: said before; `unreadable`.
 */
export type Outcome = 'own' | 'symptom' | 'child' | 'suppressed' | 'gated' | 'waiting' | 'cleared' | 'stale' | 'repeated' | 'unreadable';

/** Where it was decided. */
export type Step = 'read' | 'gate' | 'debounce' | 'silence' | 'parent' | 'merge' | 'open' | 'flapping';

/** The reason of one step. */
export interface Reason {
  readonly step: Step;
  /** For a person. */
  readonly text: string;
}

export interface Decision extends Reason {
  readonly finding_key: string;
  readonly detector: string;
  readonly state: string;
  /** As the finding states it, ISO 8601. */
  readonly detected_at: string;
  readonly outcome: Outcome;
  /** Key of the incident; empty = none. */
  readonly incident_key: string;
}

/** Outcomes of findings that are held and judged again. */
export const heldOutcomes: readonly Outcome[] = ['suppressed', 'gated', 'waiting'];

/** The decision on one word of a finding. */
export function decisionOf(finding: Finding, outcome: Outcome, step: Step, text: string, incidentKey = ''): Decision {
  const { finding_key, detector, state, detected_at } = finding;
  return { finding_key, detector, state, detected_at, outcome, step, text, incident_key: incidentKey };
}
