/** What is not acknowledged or not resolved in time goes to the next team. Pure. */
import type { Incident } from '../core/incident.ts';
import { mutedBy, placed, type RoutingSettings } from './route.ts';
import { advance, isActive, weirActor } from './transition.ts';

const minuteMs = 60_000;
const lines = ['first line', 'second line', 'experts'];

/**
 * The transition that an incident needs now; undefined = none. An incident waits for its acknowledgement anew in each team; one that is not
 * resolved in time goes up once more. Work on hold waits for something else and is not escalated. Where no team is above, nothing happens.
 */
export function escalated(incident: Incident, settings: RoutingSettings, now: number): Incident | undefined {
  const { teams } = settings;
  const next = teams[incident.team]?.escalateTo ?? '';
  if (!isActive(incident.state) || next === '' || incident.hold_reason !== undefined) return undefined;
  const since = lastHandOver(incident);
  const waited = (now - since) / minuteMs;
  const late = lateFor(incident, waited, settings);
  if (late === undefined) return undefined;
  const line = lines[(teams[next]?.line ?? 1) - 1] ?? 'next line';
  // Who was told goes on being told; all targets stay all.
  const told = incident.targets && [...new Set([...incident.targets, ...(teams[next]?.targets ?? [])])];
  const { targets: _own, ...handed } = placed(incident, next, settings, now);
  const to = { ...handed, ...(told && { targets: told }) };
  const person = to.on_call === undefined ? '' : `, ${to.on_call} is on call`;
  const text = `${late}: to team ${next} (${line})${person}.`;
  return advance(to, 'escalated', now, weirActor, text, { assignee: '' });
}

/** The transition that tells of an incident whose quiet hours are over; undefined = it is not one, or they are not. */
export function unmuted(incident: Incident, settings: RoutingSettings, now: number): Incident | undefined {
  if (incident.muted !== 'quiet' || mutedBy(incident, settings, now) !== undefined) return undefined;
  return advance(incident, 'updated', now, weirActor, 'The quiet hours are over.', {});
}

function lateFor(
  { state, severity }: Incident,
  waited: number,
  { acknowledgeMinutes, resolveMinutes }: RoutingSettings,
): string | undefined {
  const acknowledge = acknowledgeMinutes[severity - 1] ?? 0;
  if (state === 'open' && acknowledge > 0 && waited >= acknowledge) return `Not acknowledged within ${acknowledge} min`;
  const resolve = resolveMinutes[severity - 1] ?? 0;
  return resolve > 0 && waited >= resolve ? `Not resolved within ${resolve} min` : undefined;
}

/** Since when the present team has it: its opening, or the last time that it was opened again or handed on. */
function lastHandOver({ timeline, opened_at }: Incident): number {
  for (let at = timeline.length - 1; at >= 0; at--) {
    const { type, at: instant } = timeline[at]!;
    if (type === 'escalated' || type === 'reopened') return Date.parse(instant);
  }
  return Date.parse(opened_at);
}
