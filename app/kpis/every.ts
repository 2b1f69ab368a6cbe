/**
 * All KPIs of a window at once, as a whole or once more by each of their dimensions. By all dimensions: one scan of each table and service gives the facts of all of
 * them; what has few rows is asked dimension by dimension.
 */
import type { Window } from '../../core/finding.ts';
import { type EveryQuery, everyQueryOf } from '../../detectors/service/kpis/every.ts';
import { everyLeg, type KpiDefinition, type KpiValue, kpis, kpiValue } from '../../detectors/service/kpis/index.ts';
import type { Store } from '../../sql/store.ts';
import type { KpiQuestion } from './ask.ts';
import { legsFrom, legsSeen } from './legs.ts';
import { mostRows, params, readRows, tooMany } from './read.ts';

/** What a KPI says of the window, or of one value of one dimension. */
export interface KpiFigure extends KpiValue {
  readonly kpi: KpiDefinition;
  /** Empty = the whole window. */
  readonly dimension: string;
  /** Value of the dimension. */
  readonly label: string;
}

export type EveryStore = Pick<Store, 'rows' | 'named'>;

/** KPIs that one query answers in one scan. */
interface Scan {
  readonly kpis: readonly KpiDefinition[];
  readonly question: KpiQuestion;
  /** Answers all dimensions at once. */
  readonly every: EveryQuery | undefined;
  /** By leg needs other legs than the chosen one. */
  readonly cutByLeg: boolean;
}

/** Queries that run at once. */
const parallel = 4;
const deadline = { timeoutMs: 30_000 };

/**
 * Figures of every KPI that has any data in the window, which is of whole minutes.
 * @param cut `all`: besides the whole, by every dimension of every KPI
 * @param failed is told of KPIs that could not be read, and the others are answered; without it the first failure is thrown
 */
export async function everyKpi(
  store: EveryStore,
  tenant: string,
  window: Window,
  cut: 'none' | 'all',
  failed?: (kpis: readonly KpiDefinition[], error: unknown) => void,
): Promise<readonly KpiFigure[]> {
  const found: KpiFigure[] = [];
  const seen = await legsSeen(store, tenant, window);
  const stepMs = window.to - window.from;

  /** The KPIs of a scan by their own query: as a whole, or by one dimension. */
  const byOne = async (scan: Scan, dimension: string): Promise<void> => {
    const question = { ...scan.question, by: dimension === '' ? [] : [dimension] };
    const legs = legsFrom(seen, question);
    if (question.kpi.legs.length > 0 && legs.length === 0) return;
    const rows = await readRows(store, params(tenant, question, legs, stepMs, []), question.kpi.query);
    for (const { a, facts } of rows)
      for (const kpi of scan.kpis) keep(found, kpi, dimension, dimension === '' ? '' : a, kpiValue(kpi, facts));
  };

  /** The KPIs of a scan as a whole and by all dimensions. By leg it is the whole where there is one leg, else its own query: the scan reads the chosen leg. */
  const byAll = async (scan: Scan, every: EveryQuery): Promise<void> => {
    const legs = legsFrom(seen, scan.question);
    if (scan.question.kpi.legs.length > 0 && legs.length === 0) return;
    const onlyLeg = scan.cutByLeg && legsFrom(seen, { ...scan.question, by: ['leg'] }).length === 1 ? legs[0] : undefined;
    if (scan.cutByLeg && onlyLeg === undefined) await byOne(scan, 'leg');
    const { dimension = [], label = [], ...columns } = await store.named(every, params(tenant, scan.question, legs, stepMs, []), deadline);
    if (label.length >= mostRows) throw tooMany();
    const names = Object.keys(columns);
    const facts: Record<string, number> = {};
    for (let row = 0; row < label.length; row++) {
      // A quantile of nothing is null, and no number.
      for (const name of names) facts[name] = (columns[name]?.[row] as number | null) ?? Number.NaN;
      for (const kpi of scan.kpis) {
        const value = kpiValue(kpi, facts);
        keep(found, kpi, dimension[row] as string, label[row] as string, value);
        if (onlyLeg !== undefined && dimension[row] === '') keep(found, kpi, 'leg', onlyLeg, value);
      }
    }
  };

  const jobs = scansOf(window, cut).flatMap((scan) => {
    const { every } = scan;
    if (cut === 'all' && every !== undefined) return [{ scan, run: () => byAll(scan, every) }];
    const dimensions = cut === 'all' ? (scan.kpis[0]?.dimensions ?? []) : [];
    return ['', ...dimensions].map((dimension) => ({ scan, run: () => byOne(scan, dimension) }));
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++])
      try {
        await job.run();
      } catch (error) {
        if (!failed) throw error;
        failed(job.scan.kpis, error);
      }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return found;
}

function keep(found: KpiFigure[], kpi: KpiDefinition, dimension: string, label: string, { state, value, volume, events }: KpiValue): void {
  if (state !== 'no_data') found.push({ kpi, dimension, label, state, value, volume, events });
}

/** KPIs that share a query, its services and its legs. */
function scansOf(window: Window, cut: 'none' | 'all'): Scan[] {
  const byScan = new Map<string, KpiDefinition[]>();
  for (const kpi of kpis) {
    const query = cut === 'all' ? (everyQueryOf(kpi) ?? kpi.query) : kpi.query;
    const key = JSON.stringify([query, kpi.services, kpi.legs]);
    byScan.set(key, [...(byScan.get(key) ?? []), kpi]);
  }
  return [...byScan.values()].map((own) => ({
    kpis: own,
    every: everyQueryOf(own[0]!),
    cutByLeg: own[0]!.legs !== everyLeg && own[0]!.dimensions.includes('leg'),
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
