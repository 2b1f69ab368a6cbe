/** KPIs of the catalogue as the KPI query shows them: the same frames as the metrics of the rollups, with standards and limits of their own. */
import { WeirError } from '../../../core/errors.ts';
import { type KpiDefinition, type KpiValue, kpis, kpiValue } from '../../../detectors/service/kpis/index.ts';
import { queryNamed } from '../../../sql/queries.ts';
import type { Store } from '../../../sql/store.ts';
import { kpiQuestion } from '../../kpis/ask.ts';
import { legsOf } from '../../kpis/legs.ts';
import { type KpiRow, params, readRows } from '../../kpis/read.ts';
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

/**
 * Figures of the stretch and of those before it, all from the legs and of the groups of the stretch itself: one question for each stretch, and one before where
 * the largest groups are to be found. Fails with `usage` where the KPI cannot be cut so.
 */
export async function catalogueGroups(
  store: Pick<Store, 'rows'>,
  tenant: string,
  asked: CatalogueQuestion,
): Promise<{ readonly groups: CountedGroup[]; readonly legs: readonly string[]; readonly sql: string }> {
  const { kpi, dimensions, limit, from, to, step, before, shift } = asked;
  const { leg, only } = keptBy(asked.filters);
  const question = kpiQuestion({
    ...{ kpi, leg, only, by: dimensions, stepMs: step * 1000, limit: Math.min(limit, 200) },
    window: { from: from * 1000, to: to * 1000 },
  });
  const legs = await legsOf(store, tenant, question);
  const silent = kpi.legs.length > 0 && legs.length === 0;
  const read = async (back: number, stepMs: number, groups: readonly KpiRow[]): Promise<readonly KpiRow[]> => {
    const window = { from: (from - back) * 1000, to: (to - back) * 1000 };
    return silent ? [] : readRows(store, params(tenant, { kpi, window, by: dimensions, only }, legs, stepMs, groups), kpi.query);
  };
  const whole = (to - from) * 1000;
  const shown = dimensions.length === 0 ? [] : largest(kpi, await read(0, whole, []), question.limit);
  const groups = new Map<string, CountedGroup>();
  if (dimensions.length === 0) groups.set('', { labels: {}, counted: new Map() });
  for (const { a, b } of shown) {
    const labels = Object.fromEntries(dimensions.map((dimension, place) => [dimension, place === 0 ? a : b]));
    groups.set(`${a}\0${b}`, { labels, counted: new Map() });
  }
  // The text of its query with what is open in it: its parameters are made step by step.
  const { sql } = queryNamed(kpi.query);
  if (groups.size === 0) return { groups: [], legs, sql };
  const stretches = Array.from({ length: before + 1 }, (_, index) => index * shift);
  const rows = await Promise.all(stretches.map((back) => read(back, step === 0 ? whole : step * 1000, shown)));
  for (const row of rows.flat()) {
    const group = groups.get(dimensions.length === 0 ? '' : `${row.a}\0${row.b}`);
    if (group) keep(group.counted, row.bucket, kpiValue(kpi, row.facts));
  }
  return { groups: [...groups.values()], legs, sql };
}

/** Those with the largest volume, the largest first. */
function largest(kpi: KpiDefinition, rows: readonly KpiRow[], limit: number): KpiRow[] {
  return rows
    .map((row) => ({ row, volume: kpiValue(kpi, row.facts).volume }))
    .filter(({ volume }) => volume > 0)
    .sort((one, other) => other.volume - one.volume)
    .slice(0, limit)
    .map(({ row }) => row);
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
