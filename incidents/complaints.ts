/** Complaints of the contact centre against incidents: how many, since when, and whether a customer saw it first. */
import type { Incident, IncidentComplaints } from '../core/incident.ts';
import { advance, weirActor } from './transition.ts';

/** Labels of an incident by which complaints and usage are looked for, and the stretch of time. */
export interface Reach {
  readonly labels: Readonly<Record<string, string>>;
  /** ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
}

/** How long before its beginning a complaint may belong to an incident: the beginning is an estimate, ms. */
const earlierMs = 3_600_000;
/** Share from which on an explanation narrows whom an incident concerns. */
const explains = 0.5;

/**
 * Whom and when an incident concerns: its scope, narrowed by what explains most of it, from an hour before it began to its end.
 * @param now ms since 1970 UTC
 */
export function reachOf(incident: Incident, now: number): Reach {
  const [first] = incident.explanation;
  const narrowed = first !== undefined && first.share >= explains ? first.dimensions : {};
  const ended = incident.resolved_at ?? incident.closed_at;
  return {
    labels: { ...narrowed, ...incident.finding.scope },
    from: Date.parse(incident.began_at) - earlierMs,
    to: ended === undefined ? now : Date.parse(ended),
  };
}

/**
 * The transition that tells of complaints; undefined when it is not worth one: they are told when the first comes, whenever they have doubled, and
 * when the first of them turns out to be earlier than the detection.
 */
export function withComplaints(incident: Incident, complaints: IncidentComplaints, now: number): Incident | undefined {
  if (complaints.count === 0) return undefined;
  const told = incident.complaints?.count ?? 0;
  const before = Date.parse(complaints.first_at) < Date.parse(incident.detected_at);
  const seer = incident.first_seen_by ?? (before ? 'customer' : 'weir');
  const first = before && incident.first_seen_by !== 'customer' && earlier(complaints.first_at, incident.reported_at);
  if (complaints.count < 2 * told && told > 0 && !first) return undefined;
  const text = `${complaints.count} complaints of ${complaints.customers} customers, the first at ${complaints.first_at}${before ? ', before it was detected' : ''}.`;
  return advance(incident, 'updated', now, weirActor, text, {
    complaints,
    first_seen_by: first ? 'customer' : seer,
    ...(first || incident.reported_at === undefined ? { reported_at: complaints.first_at } : {}),
  });
}

function earlier(instant: string, than: string | undefined): boolean {
  return than === undefined || Date.parse(instant) < Date.parse(than);
}
