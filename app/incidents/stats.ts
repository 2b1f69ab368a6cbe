/** Figures of the incidents of a stretch, from the table. */
import { writeInstant } from '../../core/row.ts';
import { type IncidentHistory, type SeverityStats, statsOf } from '../../incidents/stats.ts';
import type { Store } from '../../sql/store.ts';
import { firstSeen } from '../report/first-seen.ts';

interface Row {
  readonly incident_id: string;
  readonly severity: number;
  readonly began_ms: string;
  readonly detected_ms: string;
  readonly steps: readonly (readonly [number, string, string, string, string | number])[];
}

/** Most incidents that are looked at: years of them. */
const most = 200_000;

export interface IncidentFigures {
  readonly severities: readonly SeverityStats[];
  /** Findings that fired. */
  readonly findings: number;
  /** 1 - incidents / findings; null = nothing fired. */
  readonly compression: number | null;
  /** Incidents that a customer saw before Weir did: noise that is saved is worth nothing where they are many. */
  readonly missed: number;
  readonly missed_share: number | null;
}

/** Figures of incidents that opened in [from, to), ms. What became of findings in that time is counted too: how much was compressed. */
export async function incidentStats(
  store: Pick<Store, 'rows'>,
  tenant: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<IncidentFigures> {
  const params = { tenant, from: writeInstant(Math.max(0, from)), to: writeInstant(to) };
  const [rows, [counted], seen] = await Promise.all([
    store.rows<Row>('incident-histories', { ...params, limit: most }, { timeoutMs: 60_000 }),
    store.rows<{ findings: string }>('findings-firing', params, { timeoutMs: 60_000 }),
    firstSeen(store, tenant, from, to),
  ]);
  const histories = rows.map(
    ({ incident_id, severity, began_ms, detected_ms, steps }): IncidentHistory => ({
      incident_id,
      severity,
      beganAt: Number(began_ms),
      detectedAt: Number(detected_ms),
      steps: steps.map(([sequence, transition, state, at, line]) => ({ sequence, transition, state, at: Number(at), line: Number(line) })),
    }),
  );
  const findings = Number(counted?.findings ?? 0);
  return {
    severities: statsOf(histories, to),
    findings,
    compression: findings === 0 ? null : Math.max(0, 1 - histories.length / findings),
    missed: seen.by.find(({ seen_by }) => seen_by === 'customer')?.incidents ?? 0,
    missed_share: seen.customer_share,
  };
}
