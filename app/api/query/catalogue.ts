/** KPIs of the catalogue as the KPI query shows them: the same frames as the metrics of the rollups, with standards and limits of their own. */
import { WeirError } from '../../../core/errors.ts';
import { type KpiDefinition, type KpiValue, kpis } from '../../../detectors/service/kpis/index.ts';
import { queryNamed } from '../../../sql/queries.ts';
import type { Store } from '../../../sql/store.ts';
import { kpiQuestion } from '../../kpis/ask.ts';
import { type KpiAnswer, readKpi } from '../../kpis/read.ts';
import type { Counted } from './band.ts';
import type { CountedGroup } from './kpi-frames.ts';
import type { AdhocFilter } from './macros.ts';

/** What is asked of a KPI; instants and steps in seconds. */
export interface CatalogueQuestion {
  readonly kpi: KpiDefinition;
  readonly dimensions: readonly string[];
  readonly filters: readonly AdhocFilter[];
  readonly limit: number;
  readonly from: number;
  readonly to: number;
  /** 0 = one figure for the whole stretch. */
  readonly step: number;
  /** Stretches before, each so many seconds earlier. */
  readonly before: number;
  readonly shift: number;
}

/** The KPI of that name. */
export const catalogueNamed = (name: string): KpiDefinition | undefined => kpis.find((kpi) => kpi.name === name);

/** Figures of the stretch and of those before it. Groups are those of the stretch itself. Fails with `usage` where the KPI cannot be cut so. */
export async function catalogueGroups(
  store: Pick<Store, 'rows'>,
  tenant: string,
  asked: CatalogueQuestion,
): Promise<{ readonly groups: CountedGroup[]; readonly legs: readonly string[]; readonly sql: string }> {
  const { kpi, dimensions, limit, from, to, step, before, shift } = asked;
  const { leg, only } = keptBy(asked.filters);
  const stretches = Array.from({ length: before + 1 }, (_, index) => index * shift);
  const answers = await Promise.all(
    stretches.map((back) =>
      readKpi(
        store,
        tenant,
        kpiQuestion({
          kpi,
          window: { from: (from - back) * 1000, to: (to - back) * 1000 },
          stepMs: step * 1000,
          by: dimensions,
          leg,
          only,
          limit: Math.min(limit, 200),
        }),
      ),
    ),
  );
  const groups = new Map<string, CountedGroup>();
  for (const [index, answer] of answers.entries()) add(groups, answer, index, from - stretches[index]!, step);
  // The text of its query with what is open in it: its parameters are made step by step.
  return { groups: [...groups.values()], legs: answers[0]?.legs ?? [], sql: queryNamed(kpi.query).sql };
}

function add(groups: Map<string, CountedGroup>, answer: KpiAnswer, index: number, from: number, step: number): void {
  for (const { labels, total, points } of answer.groups) {
    const key = JSON.stringify(labels);
    if (index === 0) groups.set(key, { labels, counted: new Map() });
    const counted = groups.get(key)?.counted;
    if (!counted) continue;
    if (step === 0) keep(counted, from, total);
    else for (const point of points) keep(counted, Math.floor(point.at / 1000), point);
  }
}

/** A figure with the volume behind it, as a numerator and a denominator; one without a value is left out. */
function keep(counted: Map<number, Counted>, at: number, { value, volume }: KpiValue): void {
  if (value !== null && volume > 0) counted.set(at, { up: value * volume, down: volume });
}

/** The filters as the catalogue takes them: values of dimensions that are kept, and one leg. */
function keptBy(filters: readonly AdhocFilter[]): { readonly leg: string; readonly only: Readonly<Record<string, readonly string[]>> } {
  const only: Record<string, readonly string[]> = {};
  let leg = '';
  for (const { key, operator, values } of filters) {
    if (operator !== '=' && operator !== '=|')
      throw new WeirError('usage', `A KPI of the catalogue takes no filter ${operator}.`, { hint: 'Only = and =| (one of).' });
    if (key === 'leg') leg = values[0] ?? '';
    // Each KPI knows its services itself.
    else if (key !== 'service') only[key] = values;
  }
  return { leg, only };
}
