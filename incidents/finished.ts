/** What every transition gets before it is stored: its rank, and for who gets it. Pure. */
import type { Incident } from '../core/incident.ts';
import { rankOf, stakeOf } from './pipeline/rank.ts';
import { mutedBy, routed } from './route.ts';
import type { IncidentSettings } from './settings.ts';

/** With rank, and for who gets it: what opens is routed, and each transition knows whether it is told now. @param now ms since 1970 UTC */
export function finished(incident: Incident, settings: IncidentSettings, now: number): Incident {
  const { muted: _before, ...rest } = incident.transition === 'opened' ? routed(incident, settings.routing, now) : incident;
  const muted = mutedBy(rest, settings.routing, now);
  return {
    ...rest,
    rank: rankOf(incident.severity, stakeOf(incident.impact, settings.pipeline, settings.severity)),
    ...(muted && { muted }),
  };
}
