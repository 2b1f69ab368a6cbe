/** What the report after an incident is made of. */
import type { Incident } from '../../core/incident.ts';
import type { ReportParts } from '../../incidents/post-incident.ts';
import type { AfterBook } from './after.ts';

/** @param now ms since 1970 UTC */
export async function partsOf(book: AfterBook, incident: Incident, now: number): Promise<ReportParts> {
  const { incident_id } = incident;
  const [review, actions, similar] = await Promise.all([book.review(incident_id), book.actions({ incident_id }), book.similar(incident)]);
  const like = similar.map((one) => ({
    incident_id: one.incident.incident_id,
    title: one.incident.title,
    score: one.score,
    reason: one.reason,
  }));
  return { incident, review, actions, similar: like, now };
}
