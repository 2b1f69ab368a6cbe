/** Who saw incidents first: the honest score of monitoring (TM Forum A-CE-4c, problems that customers reported). */
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

export interface FirstSeen {
  readonly incidents: number;
  readonly by: readonly {
    readonly seen_by: string;
    readonly incidents: number;
    readonly lead_seconds: number | null;
    readonly complaints: number;
  }[];
  /** Share of incidents that a customer saw first; null = there were none. */
  readonly customer_share: number | null;
}

/** Incidents detected in a stretch of time, ms since 1970 UTC; merged ones left out. */
export async function firstSeen(store: Pick<Store, 'rows'>, tenant: string, from: number, to: number): Promise<FirstSeen> {
  const rows = await store.rows<{ seen_by: string; incidents: string; lead_seconds: number | null; complaints: string }>(
    'report-first-seen',
    {
      tenant,
      from: writeInstant(Math.max(0, from)),
      to: writeInstant(Math.max(0, to)),
    },
  );
  const by = rows.map((row) => ({
    seen_by: row.seen_by,
    incidents: Number(row.incidents),
    lead_seconds: row.lead_seconds === null || Number.isNaN(Number(row.lead_seconds)) ? null : Number(row.lead_seconds),
    complaints: Number(row.complaints),
  }));
  const incidents = by.reduce((sum, one) => sum + one.incidents, 0);
  const customers = by.find(({ seen_by }) => seen_by === 'customer')?.incidents ?? 0;
  return { incidents, by, customer_share: incidents === 0 ? null : customers / incidents };
}
