/** What time alone brings to incidents: escalation, the end of quiet hours, the digest. */
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { digestDay, digestKey, digestOf } from '../../incidents/digest.ts';
import { escalated, unmuted } from '../../incidents/escalate.ts';
import { finished } from '../../incidents/finished.ts';
import type { RoutingSettings } from '../../incidents/route.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { type IncidentLog, rounds } from './log.ts';
import { hash, type Stored } from './stored.ts';

const dayMs = 86_400_000;

/** Looks once, and answers the transitions that were stored. */
export function createWatch(options: {
  readonly clock: Clock;
  readonly settings: IncidentSettings;
  readonly incidentLog: IncidentLog;
  readonly stored: Stored;
}): () => Promise<readonly Incident[]> {
  const { clock, settings, incidentLog, stored } = options;
  const { routing, publicUrl } = settings;
  /** Day whose digests are known to be made. */
  let digested = Number.NaN;

  async function digestsDue(now: number): Promise<Incident[]> {
    const { digest, local } = routing;
    if (digest === undefined) return [];
    const day = digestDay(digest, now, local);
    if (day === digested) return [];
    const byTeam = new Map<string, Incident[]>();
    for (const incident of await stored.small({ from: now - dayMs, to: now, severity: digest.severity }))
      byTeam.set(incident.team, [...(byTeam.get(incident.team) ?? []), incident]);
    const known = await stored.byKeys([...byTeam.keys()].map((team) => digestKey(team, day)));
    const made = new Set(known.map(({ incident_key }) => incident_key));
    const due = [...byTeam].filter(([team]) => !made.has(digestKey(team, day)));
    if (due.length === 0) digested = day;
    return due.map(([team, incidents]) => digestOf(team, day, incidents, routing, { now, hash, publicUrl }));
  }

  return async () => {
    if (!watches(routing)) return [];
    for (let round = 0; round < rounds; round += 1) {
      const now = clock.now();
      const generation = await incidentLog.generation();
      const active = await stored.watched();
      const transitions = [
        ...active.flatMap((incident) => escalated(incident, routing, now) ?? unmuted(incident, routing, now) ?? []),
        ...(await digestsDue(now)),
      ].map((each) => finished(each, settings, now));
      if (transitions.length === 0) return [];
      if (await incidentLog.write(transitions, generation, 'watch')) return transitions;
    }
    throw new Error('Other processes were faster each time.');
  };
}

/** Whether anything happens by time alone. */
function watches({ acknowledgeMinutes, resolveMinutes, quiet, digest }: RoutingSettings): boolean {
  return quiet !== undefined || digest !== undefined || [...acknowledgeMinutes, ...resolveMinutes].some((minutes) => minutes > 0);
}
