/** How long it took to see, to take up and to end an incident. */
import type { Incident } from '../core/incident.ts';

export interface IncidentTimes {
  /** From the first affected moment to the detection. */
  readonly detectSeconds: number;
  /** From opening to the first acknowledgement. */
  readonly acknowledgeSeconds?: number;
  /** From opening to the resolution. */
  readonly resolveSeconds?: number;
}

/**
 * The times of one incident, seconds; means and percentiles over many of them are MTTD, MTTA and MTTR. Never negative: clocks of
 * sources disagree.
 * @example timesOf({ began_at: '2026-01-01T00:00:00Z', detected_at: '2026-01-01T00:05:00Z', opened_at: '2026-01-01T00:05:01Z' }) // { detectSeconds: 300 }
 */
export function timesOf(
  incident: Pick<Incident, 'began_at' | 'detected_at' | 'opened_at' | 'acknowledged_at' | 'resolved_at'>,
): IncidentTimes {
  return {
    detectSeconds: between(incident.began_at, incident.detected_at),
    ...(incident.acknowledged_at && { acknowledgeSeconds: between(incident.opened_at, incident.acknowledged_at) }),
    ...(incident.resolved_at && { resolveSeconds: between(incident.opened_at, incident.resolved_at) }),
  };
}

function between(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
