/** A transition as a row of the table `incidents`. */
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';

const decimal = /^(-?\d{1,12})(\.\d{1,6})?\d*$/;

/** The row of a transition: what people filter by as columns, the whole incident as `body`. */
export function incidentRow(incident: Incident): object {
  return {
    tenant: incident.tenant,
    incident_key: incident.incident_key,
    incident_id: incident.incident_id,
    sequence: incident.sequence,
    transition: incident.transition,
    state: incident.state,
    severity: incident.severity,
    category: incident.category,
    title: incident.title,
    summary: incident.summary,
    team: incident.team,
    assignee: incident.assignee,
    money: decimalColumn(incident.impact.money?.amount),
    currency: incident.impact.money?.currency ?? '',
    customers: countColumn(incident.impact.customers?.count),
    began_at: writeInstant(Date.parse(incident.began_at)),
    detected_at: writeInstant(Date.parse(incident.detected_at)),
    at: writeInstant(Date.parse(incident.updated_at)),
    rank: incident.rank ?? 0,
    body: JSON.stringify(incident),
  };
}

/**
 * An amount as a Decimal(18, 6), further decimals cut; null when it is not one or too large: the body keeps it as it was.
 * @example decimalColumn('12.3456789') // '12.345678'
 * @example decimalColumn('1e99') // null
 */
export function decimalColumn(amount: string | undefined): string | null {
  const match = decimal.exec(amount ?? '');
  return match === null ? null : `${match[1]}${match[2] ?? ''}`;
}

function countColumn(count: number | undefined): number {
  return count === undefined || !Number.isFinite(count) ? 0 : Math.max(0, Math.round(count));
}
