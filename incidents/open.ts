/** The first transition of an incident. */
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { Notes } from './pipeline/state.ts';
import type { IncidentSettings } from './settings.ts';
import { severityOf } from './severity.ts';
import { impactOf, nextInstant, weirActor } from './transition.ts';

export interface FoldContext {
  /** Instant of the transitions, ms since 1970 UTC. */
  readonly now: number;
  /** Hash of a text as at least 24 hexadecimal digits: makes the identity of an incident. */
  readonly hash: (text: string) => string;
  /** What the pipeline has to say of the incident of a key. */
  readonly notes?: (key: string) => Notes | undefined;
}

/** What an incident takes over from the pipeline. */
export function annotated(notes: Notes | undefined): Partial<Incident> {
  if (notes === undefined) return {};
  const { reasons, symptoms = [], counts, flapping } = notes;
  return {
    reasons,
    ...(symptoms.length > 0 && { symptoms: [...symptoms] }),
    ...(counts.symptoms + counts.children > 0 && { symptom_counts: counts }),
    flapping,
  };
}

/**
 * Identity of an opening: from the key and the incident of that key before it. Two instances that know the same history make the same
 * identity, and so does a second run over the same data.
 * @example incidentIdOf('demo', 'k1', undefined, (text) => 'ab'.repeat(12)) // 'inc_abababababababababababab'
 */
export function incidentIdOf(tenant: string, key: string, previousId: string | undefined, hash: (text: string) => string): string {
  return `inc_${hash(JSON.stringify([tenant, key, previousId ?? ''])).slice(0, 24)}`;
}

/** Opens an incident for a firing finding. A revenue incident is what revenue assurance calls a case. @param previous the ended incident of the same key */
export function openIncident(finding: Finding, previous: Incident | undefined, settings: IncidentSettings, context: FoldContext): Incident {
  const incidentId = incidentIdOf(finding.tenant, finding.finding_key, previous?.incident_id, context.hash);
  const at = new Date(previous === undefined ? context.now : nextInstant(previous.updated_at, context.now)).toISOString();
  return {
    incident_key: finding.finding_key,
    incident_id: incidentId,
    tenant: finding.tenant,
    sequence: 1,
    transition: 'opened',
    state: 'open',
    severity: severityOf({ ...finding, category: finding.kind }, settings.severity),
    category: finding.kind,
    title: finding.title,
    summary: finding.summary,
    finding,
    impact: impactOf(finding),
    explanation: finding.explanation,
    change_suspects: finding.change_suspects,
    team: settings.teams[finding.kind] ?? settings.teams['other'] ?? '',
    assignee: finding.owner ?? '',
    timeline: [{ at, type: 'opened', actor: weirActor, text: finding.summary }],
    began_at: finding.began_at,
    detected_at: finding.detected_at,
    opened_at: at,
    updated_at: at,
    related: previous === undefined ? [] : [previous.incident_id],
    ...annotated(context.notes?.(finding.finding_key)),
    links: settings.publicUrl === '' ? {} : { incident: `${settings.publicUrl}/incidents/${incidentId}` },
  };
}
