/** The service report of a week or month: KPIs and objectives, incidents, who saw them first, noise, causes, actions; and the same by RATER tag. */
import { writeInstant } from '../../core/row.ts';
import { type KpiDefinition, type KpiValue, kpiStanding, kpis, type Rater, raters } from '../../detectors/service/kpis/index.ts';
import type { RatedIncident } from '../../detectors/service/report/rater.ts';
import type { Objective } from '../../detectors/service/slo/index.ts';
import type { SeverityStats } from '../../incidents/stats.ts';
import { incidentStats } from '../incidents/stats.ts';
import { kpiWindow } from '../kpis/ask.ts';
import { type EveryStore, everyKpi } from '../kpis/every.ts';
import { sumStretch } from '../slo/counting.ts';
import { type FirstSeen, firstSeen } from './first-seen.ts';
import type { ReportPeriod } from './period.ts';

export interface KpiLine {
  readonly kpi: KpiDefinition;
  readonly now: KpiValue;
  /** The period of the same length before. */
  readonly before: KpiValue;
  readonly standing: string;
  /** Why there is no figure; empty = there is one, or no data. */
  readonly failed: string;
}

export interface ObjectiveLine {
  readonly slo: string;
  readonly title: string;
  readonly service: string;
  readonly target: number;
  readonly good: number;
  readonly total: number;
  /** null = no data. */
  readonly share: number | null;
  readonly state: 'kept' | 'missed' | 'no_data';
}

export interface IncidentLine {
  readonly incident_id: string;
  readonly category: string;
  readonly severity: number;
  readonly state: string;
  readonly title: string;
  readonly customers: number;
  readonly detector: string;
  readonly cause: string;
  readonly noise: boolean;
  /** Somebody said whether it was noise. */
  readonly judged: boolean;
  readonly rater: Rater;
}

export interface ServiceReport {
  readonly period: ReportPeriod;
  /** ms since 1970 UTC. */
  readonly writtenAt: number;
  readonly kpis: readonly KpiLine[];
  readonly objectives: readonly ObjectiveLine[];
  readonly stats: readonly SeverityStats[];
  readonly findings: number;
  readonly compression: number | null;
  readonly seen: FirstSeen;
  readonly incidents: readonly IncidentLine[];
  readonly noise: { readonly judged: number; readonly noise: number; readonly share: number | null };
  readonly causes: readonly { readonly cause: string; readonly incidents: number; readonly customers: number }[];
  readonly actions: { readonly open: number; readonly overdue: number; readonly done: number };
}

type ReportStore = EveryStore;
const deadline = { timeoutMs: 60_000 };
const none: KpiValue = { state: 'no_data', value: null, volume: 0, events: null };

/** Every KPI of the period and of the one before, a scan of each table. One that cannot be read does not take the report away. */
async function kpiLines(store: ReportStore, tenant: string, { from, to }: ReportPeriod): Promise<readonly KpiLine[]> {
  const failures = new Map<KpiDefinition, string>();
  const ask = async (window: { readonly from: number; readonly to: number }): Promise<ReadonlyMap<KpiDefinition, KpiValue>> => {
    const figures = await everyKpi(store, tenant, kpiWindow(window), 'none', (of, error) => {
      for (const kpi of of) failures.set(kpi, error instanceof Error ? error.message : String(error));
    });
    return new Map(figures.map((figure) => [figure.kpi, figure]));
  };
  const before = await ask({ from: from - (to - from), to: from });
  const now = await ask({ from, to });
  return kpis.map((kpi) => {
    const failed = failures.get(kpi) ?? '';
    const value = (failed === '' && now.get(kpi)) || none;
    return { kpi, now: value, before: (failed === '' && before.get(kpi)) || none, standing: kpiStanding(kpi, value.value), failed };
  });
}

async function objectiveLine(store: ReportStore, tenant: string, objective: Objective, { from, to }: ReportPeriod): Promise<ObjectiveLine> {
  const { good, total } = await sumStretch(store, tenant, objective, from, to);
  const share = total > 0 ? good / total : null;
  return {
    slo: objective.identity,
    title: objective.title,
    service: objective.service,
    target: objective.target,
    good,
    total,
    share,
    state: share === null ? 'no_data' : share >= objective.target - 1e-12 ? 'kept' : 'missed',
  };
}

async function incidentLines(
  store: ReportStore,
  tenant: string,
  { from, to }: ReportPeriod,
  raterOf: (incident: RatedIncident) => Rater,
): Promise<readonly IncidentLine[]> {
  const rows = await store.rows<
    Record<
      'incident_id' | 'category' | 'state' | 'title' | 'detector' | 'metric' | 'cause' | 'useful' | 'verdict' | 'customers',
      string
    > & { severity: number }
  >('report-service-incidents', { tenant, from: writeInstant(Math.max(0, from)), to: writeInstant(to) }, deadline);
  return rows.map((row) => ({
    incident_id: row.incident_id,
    category: row.category,
    severity: Number(row.severity),
    state: row.state,
    title: row.title,
    customers: Number(row.customers),
    detector: row.detector,
    cause: row.cause,
    noise: row.useful === 'noise' || row.verdict === 'false',
    judged: row.useful !== '' || row.verdict !== '',
    rater: raterOf(row),
  }));
}

function causesOf(incidents: readonly IncidentLine[]): ServiceReport['causes'] {
  const causes = new Map<string, { cause: string; incidents: number; customers: number }>();
  for (const { cause, customers } of incidents) {
    const known = causes.get(cause) ?? { cause, incidents: 0, customers: 0 };
    known.incidents++;
    known.customers += customers;
    causes.set(cause, known);
  }
  return [...causes.values()].sort((a, b) => b.incidents - a.incidents || (a.cause < b.cause ? -1 : 1));
}

/** Reads and computes it. @param raterOf the RATER tag of an incident, see `incidentRater` */
export async function serviceReport(
  store: ReportStore,
  tenant: string,
  objectives: readonly Objective[],
  period: ReportPeriod,
  raterOf: (incident: RatedIncident) => Rater,
): Promise<ServiceReport> {
  const lines = await kpiLines(store, tenant, period);
  const objectiveLines: ObjectiveLine[] = [];
  for (const objective of objectives) objectiveLines.push(await objectiveLine(store, tenant, objective, period));
  const [{ severities, findings, compression }, seen, incidents, [actions]] = await Promise.all([
    incidentStats(store, tenant, period),
    firstSeen(store, tenant, period.from, period.to),
    incidentLines(store, tenant, period, raterOf),
    store.rows<Record<'open' | 'overdue' | 'done', string>>(
      'report-service-actions',
      { tenant, from: writeInstant(Math.max(0, period.from)), to: writeInstant(period.to) },
      deadline,
    ),
  ]);
  const judged = incidents.filter((each) => each.judged).length;
  const noise = incidents.filter((each) => each.noise).length;
  return {
    period,
    writtenAt: Date.now(),
    kpis: lines,
    objectives: objectiveLines,
    stats: severities,
    findings,
    compression,
    seen,
    incidents,
    noise: { judged, noise, share: judged === 0 ? null : noise / judged },
    causes: causesOf(incidents),
    actions: { open: Number(actions?.open ?? 0), overdue: Number(actions?.overdue ?? 0), done: Number(actions?.done ?? 0) },
  };
}

export interface RaterLine {
  readonly rater: Rater;
  readonly kpis: readonly KpiLine[];
  readonly incidents: readonly IncidentLine[];
}

/** KPIs and incidents of a service report by tag, every tag. */
export function byRater({ kpis: lines, incidents }: ServiceReport): readonly RaterLine[] {
  return raters.map((rater) => ({
    rater,
    kpis: lines.filter(({ kpi }) => kpi.rater === rater),
    incidents: incidents.filter((each) => each.rater === rater),
  }));
}
