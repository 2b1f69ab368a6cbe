/** Incidents as a table: severity, money, customers, what, since when. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../sql/store.ts';
import { type Cell, type Colour, colour, grouped, table } from './print.ts';

export interface IncidentRow {
  readonly incident_id: string;
  readonly severity: number;
  readonly state: string;
  readonly category: string;
  readonly title: string;
  readonly summary: string;
  readonly team: string;
  readonly money: string | null;
  readonly currency: string;
  readonly customers: number | null;
  readonly began_at: string;
  readonly detected_at: string;
}

/** Incidents that are not closed, worst first. Waits up to `deadlineMs` until there are `atLeast`. */
export async function openIncidents(
  store: Store,
  tenant: string,
  { atLeast, deadlineMs }: { atLeast: number; deadlineMs: number },
): Promise<IncidentRow[]> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const rows = await store.rows<IncidentRow>('incidents-open', { tenant, limit: 1000 });
    if (rows.length >= atLeast || performance.now() > deadline) return rows;
    await sleep(250);
  }
}

const severityNames: readonly (readonly [string, Colour])[] = [
  ['1 critical', 'red'],
  ['2 major', 'red'],
  ['3 minor', 'yellow'],
  ['4 warning', 'cyan'],
  ['5 info', 'dim'],
];

/** @example severityText(1).includes('critical') // true */
export function severityText(severity: number): string {
  const [name, shade] = severityNames[severity - 1] ?? [String(severity), 'dim'];
  return colour(name, shade);
}

export function incidentTable(incidents: readonly IncidentRow[]): string {
  return table(
    [
      { title: 'SEVERITY' },
      { title: 'MONEY', right: true },
      { title: 'CUSTOMERS', right: true },
      { title: 'SINCE (UTC)' },
      { title: 'STATE' },
      { title: 'INCIDENT', width: 96 },
    ],
    incidents.map(({ severity, money, currency, customers, began_at, state, title }): Cell[] => [
      severityText(severity),
      money === null ? '–' : `${grouped(Number(money).toFixed(2))} ${currency}`,
      customers === null || Number(customers) === 0 ? '–' : Number(customers),
      began_at.slice(0, 16),
      state,
      title,
    ]),
  );
}
