/** How a transition is made: the next value of an incident, one sequence higher, with one more line in the timeline. */
import type { Finding } from '../core/finding.ts';
import type { Incident, TimelineEntry, TransitionType } from '../core/incident.ts';

/** Actor of what Weir did itself. */
export const weirActor = 'weir';

/** Entries of a timeline that are kept: the first ones say how it began, the last ones where it stands. All stand in the table. */
const timelineHead = 10;
const timelineTail = 90;

/**
 * Identity of one transition, the `webhook-id` of every delivery of it.
 * @example transitionId({ incident_id: 'inc_ab', sequence: 3 }) // 'inc_ab_3'
 */
export function transitionId(of: { readonly incident_id: string; readonly sequence: number }): string {
  return `${of.incident_id}_${of.sequence}`;
}

/**
 * Whether people still have to do something about it.
 * @example isActive('acknowledged') // true
 * @example isActive('resolved') // false
 */
export function isActive(state: string): boolean {
  return state !== 'resolved' && state !== 'closed';
}

/** Money and customers of a finding, as an incident states them. */
export function impactOf(finding: Finding): Incident['impact'] {
  return { ...(finding.money && { money: finding.money }), ...(finding.customers && { customers: finding.customers }) };
}

/**
 * Instant of the next transition: now, but always later than the last one, so that the order of an incident can be read from its times
 * even when two instances disagree about the time.
 * @example nextInstant('2026-01-01T00:00:00.000Z', 0) // 1767225600001
 */
export function nextInstant(updatedAt: string, now: number): number {
  return Math.max(now, Date.parse(updatedAt) + 1);
}

/** The next transition of `incident` with `changes` laid over it. @param text what happened, for a person. */
export function advance(
  incident: Incident,
  transition: TransitionType,
  now: number,
  actor: string,
  text: string,
  changes: Partial<Incident>,
): Incident {
  const at = new Date(nextInstant(incident.updated_at, now)).toISOString();
  return {
    ...incident,
    ...changes,
    sequence: incident.sequence + 1,
    transition,
    updated_at: at,
    timeline: appended(incident.timeline, { at, type: transition, actor, text }),
  };
}

function appended(timeline: readonly TimelineEntry[], entry: TimelineEntry): TimelineEntry[] {
  const all = [...timeline, entry];
  if (all.length <= timelineHead + timelineTail) return all;
  return [...all.slice(0, timelineHead), ...all.slice(-timelineTail)];
}
