/** Incidents that people open, and who saw an incident first. */
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { ActResult } from './act.ts';
import type { IncidentSettings } from './settings.ts';
import { advance } from './transition.ts';

/** Detector of what people report; nothing but people will say that it has recovered. */
export const manualDetector = 'manual';

/** Who can see an incident first. */
export const seers = ['customer', 'partner', 'staff'] as const;

export type Seer = (typeof seers)[number];

/** What a person enters. */
export interface ManualEntry {
  readonly title: string;
  readonly summary: string;
  readonly category: string;
  readonly severity: 1 | 2 | 3 | 4 | 5;
  readonly scope: Readonly<Record<string, string>>;
  readonly customers?: number;
  readonly seenBy: Seer;
  /** When it was reported, ms since 1970 UTC. */
  readonly reportedAt: number;
  /** When it began, ms since 1970 UTC. */
  readonly beganAt: number;
  readonly team?: string;
}

export interface ManualContext {
  readonly tenant: string;
  readonly actor: string;
  readonly now: number;
  /** Identity without a prefix: at least 24 hexadecimal digits. */
  readonly identity: string;
}

/** The first transition of an incident that a person opens. Its finding is what the person said. */
export function manualIncident(entry: ManualEntry, settings: IncidentSettings, { tenant, actor, now, identity }: ManualContext): Incident {
  const at = new Date(now).toISOString();
  const began = new Date(Math.min(entry.beganAt, entry.reportedAt, now)).toISOString();
  const summary = entry.summary || entry.title;
  const customers = entry.customers === undefined ? undefined : { count: entry.customers, segments: {} };
  const finding: Finding = {
    finding_key: `man_${identity.slice(0, 24)}`,
    detector: manualDetector,
    title: entry.title,
    kind: entry.category,
    tenant,
    metric: 'reported',
    scope: entry.scope,
    window: { from: began, to: at },
    detected_at: at,
    began_at: began,
    observed: 1,
    expected: 0,
    lower: 0,
    upper: 0,
    unit: 'reports',
    direction: 'up',
    score: 0,
    effect: 0,
    ...(customers && { customers }),
    explanation: Object.keys(entry.scope).length === 0 ? [] : [{ dimensions: entry.scope, share: 1, remaining: 0 }],
    change_suspects: [],
    evidence: { sql: '', sample_record_ids: [] },
    data_quality: { completeness: 1, lag_s: 0 },
    summary,
    state: 'firing',
  };
  const incidentId = `inc_${identity.slice(0, 24)}`;
  return {
    incident_key: finding.finding_key,
    incident_id: incidentId,
    tenant,
    sequence: 1,
    transition: 'opened',
    state: 'open',
    severity: entry.severity,
    category: entry.category,
    title: entry.title,
    summary,
    finding,
    impact: customers === undefined ? {} : { customers },
    explanation: finding.explanation,
    change_suspects: [],
    team: entry.team ?? settings.teams[entry.category] ?? settings.teams['other'] ?? '',
    assignee: '',
    timeline: [{ at, type: 'opened', actor, text: summary }],
    began_at: began,
    detected_at: at,
    opened_at: at,
    updated_at: at,
    related: [],
    reasons: [{ step: 'open', text: `Opened by ${actor}; seen first by ${entry.seenBy}.` }],
    first_seen_by: entry.seenBy,
    reported_at: new Date(Math.min(entry.reportedAt, now)).toISOString(),
    links: settings.publicUrl === '' ? {} : { incident: `${settings.publicUrl}/incidents/${incidentId}` },
  };
}

/**
 * Who saw an incident first: what is reported before it was detected was. An earlier report than the one that is known replaces it, a later one changes
 * nothing.
 * @param at when it was reported, ms since 1970 UTC
 */
export function reported(incident: Incident, by: Seer, at: number, actor: string, now: number): ActResult {
  if (!(at > 0) || at > now) return { outcome: 'refused', reason: 'A report lies in the past.' };
  if (incident.reported_at !== undefined && Date.parse(incident.reported_at) <= at) return { outcome: 'unchanged' };
  const first = at < Date.parse(incident.detected_at);
  const instant = new Date(at).toISOString();
  const text = `Reported by a ${by === 'staff' ? 'member of staff' : by} at ${instant}${first ? ', before Weir detected it' : ''}.`;
  const changes = { reported_at: instant, first_seen_by: first || incident.finding.detector === manualDetector ? by : 'weir' };
  return { outcome: 'changed', incident: advance(incident, 'reported', now, actor, text, changes) };
}
