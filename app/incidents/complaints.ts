/** Counts complaints against open incidents, and tells of them. */
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { withComplaints } from '../../incidents/complaints.ts';
import { isActive } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import type { IncidentDesk } from './desk.ts';
import { complaintsOf } from './reach.ts';

/** Oldest complaints that are looked for, ms: an incident that stands longer has been told of those before. */
const oldestMs = 31 * 86_400_000;

/** Open incidents that complaints are held against, the worst first. */
const mostIncidents = 200;

/** Looks once. Answers how many incidents were told of complaints; asks nothing more when nobody has complained since the last time. */
export function complaintWatch(options: {
  readonly store: Pick<Store, 'rows'>;
  readonly desk: Pick<IncidentDesk, 'change'>;
  readonly clock: Clock;
  readonly tenant: string;
}): () => Promise<number> {
  const { store, desk, clock, tenant } = options;
  let seen = '';
  return async () => {
    const now = clock.now();
    const from = writeInstant(Math.max(0, now - oldestMs));
    const [row] = await store.rows<{ complaints: string; last_at: string }>('complaints-since', { tenant, from });
    const incidents =
      Number(row?.complaints ?? 0) === 0 ? [] : await store.rows<{ body: string }>('incidents-watched', { tenant, limit: mostIncidents });
    // Complaints come late, incidents open late: both are new to each other.
    const mark = JSON.stringify([row?.complaints, row?.last_at, incidents.length === 0 ? 0 : incidents.map(({ body }) => body.length)]);
    if (mark === seen) return 0;
    let told = 0;
    for (const { body } of incidents) {
      const known = JSON.parse(body) as Incident;
      const complaints = await complaintsOf({ store, tenant }, known, now);
      if (withComplaints(known, complaints, now) === undefined) continue;
      const result = await desk.change(known.incident_id, (incident, at) => {
        const next = isActive(incident.state) ? withComplaints(incident, complaints, at) : undefined;
        return next === undefined ? { outcome: 'unchanged' } : { outcome: 'changed', incident: next };
      });
      if (result.outcome === 'changed') told += 1;
    }
    seen = mark;
    return told;
  };
}
