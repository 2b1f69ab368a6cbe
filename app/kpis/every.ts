/** All KPIs of a window at once: each query once for all the KPIs that it answers, as a whole or once more by each of its dimensions. */
import type { Window } from '../../core/finding.ts';
import { type KpiDefinition, type KpiValue, kpis, kpiValue } from '../../detectors/service/kpis/index.ts';
import type { KpiQuestion } from './ask.ts';
import { legsOf } from './legs.ts';
import { type KpiStore, params, readRows } from './read.ts';

/** What a KPI says of the window, or of one value of one dimension. */
export interface KpiFigure extends KpiValue {
  readonly kpi: KpiDefinition;
  /** Empty = the whole window. */
  readonly dimension: string;
  /** Value of the dimension. */
  readonly label: string;
}

/** KPIs that one query answers in one scan. */
interface Scan {
  readonly kpis: readonly KpiDefinition[];
  readonly question: KpiQuestion;
}

/** Queries that run at once. */
const parallel = 4;

/**
 * Figures of every KPI that has any data in the window, which is of whole minutes.
 * @param cut `all`: besides the whole, by every dimension of every KPI
 */
export async function everyKpi(store: KpiStore, tenant: string, window: Window, cut: 'none' | 'all'): Promise<readonly KpiFigure[]> {
  const found: KpiFigure[] = [];
  const jobs = scans(window).flatMap((scan) => {
    const legs = legsOf(store, tenant, scan.question);
    const dimensions = ['', ...(cut === 'all' ? (scan.kpis[0]?.dimensions ?? []) : [])];
    return dimensions.map((dimension) => async () => {
      const question = { ...scan.question, by: dimension === '' ? [] : [dimension] };
      const chosen = dimension === 'leg' ? await legsOf(store, tenant, question) : await legs;
      if (question.kpi.legs.length > 0 && chosen.length === 0) return;
      const rows = await readRows(store, params(tenant, question, chosen, window.to - window.from, []), question.kpi.query);
      for (const { a, facts } of rows)
        for (const kpi of scan.kpis) {
          const value = kpiValue(kpi, facts);
          if (value.state !== 'no_data') found.push({ kpi, dimension, label: dimension === '' ? '' : a, ...value });
        }
    });
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++]) await job();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return found;
}

function scans(window: Window): Scan[] {
  const byScan = new Map<string, KpiDefinition[]>();
  for (const kpi of kpis) {
    const key = JSON.stringify([kpi.query, kpi.services, kpi.legs]);
    byScan.set(key, [...(byScan.get(key) ?? []), kpi]);
  }
  return [...byScan.values()].map((own) => ({
    kpis: own,
    question: {
      kpi: { ...own[0]!, metrics: [...new Set(own.flatMap(({ metrics }) => metrics))] },
      window,
      stepMs: 0,
      by: [],
      leg: '',
      only: {},
      limit: 1,
    },
  }));
}
