/** KPIs of the catalogue as the KPI query shows them: the same frames as the metrics of the rollups, with standards and limits of their own. */
import { WeirError } from '../../../core/errors.ts';
import { type KpiDefinition, type KpiValue, kpis, kpiValue } from '../../../detectors/service/kpis/index.ts';
import { queryNamed } from '../../../sql/queries.ts';
import type { Store } from '../../../sql/store.ts';
import { kpiQuestion } from '../../kpis/ask.ts';
import { legsOf } from '../../kpis/legs.ts';
import { type KpiRow, labelsOf, params, rankedGroups, readRows } from '../../kpis/read.ts';
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
  const { kpi, dimensions: by, limit, from, to, step, before, shift } = asked;
  const { leg, only } = keptBy(asked.filters);
  const question = kpiQuestion({
    ...{ kpi, leg, only, by, stepMs: step * 1000, limit: Math.min(limit, 200) },
    window: { from: from * 1000, to: to * 1000 },
  });
  const legs = await legsOf(store, tenant, question);
  const silent = kpi.legs.length > 0 && legs.length === 0;
  const read = async (back: number, stepMs: number, groups: readonly KpiRow[]): Promise<readonly KpiRow[]> => {
    const window = { from: (from - back) * 1000, to: (to - back) * 1000 };
    return silent ? [] : readRows(store, params(tenant, { kpi, window, by, only }, legs, stepMs, groups), kpi.query);
  };
  const whole = (to - from) * 1000;
  const shown =
    by.length === 0
      ? []
      : rankedGroups(kpi, await read(0, whole, []), by)
          .slice(0, question.limit)
          .map(({ row }) => row);
  const groups = new Map<string, CountedGroup>();
  if (by.length === 0) groups.set(keyOf({ a: '', b: '' }), { labels: {}, counted: new Map() });
  for (const row of shown) groups.set(keyOf(row), { labels: labelsOf(by, row), counted: new Map() });
  // The text of its query with what is open in it: its parameters are made step by step.
  const { sql } = queryNamed(kpi.query);
  if (groups.size === 0) return { groups: [], legs, sql };
  const known = step === 0 && by.length > 0;
  const rows = await Promise.all(
    Array.from({ length: before + 1 }, (_, index) =>
      // Whole and by groups the stretch itself has just been read.
      index === 0 && known ? shown : read(index * shift, step === 0 ? whole : step * 1000, shown),
    ),
  );
  for (const row of rows.flat()) {
    const group = groups.get(keyOf(by.length === 0 ? { a: '', b: '' } : row));
    if (group) keep(group.counted, row.bucket, kpiValue(kpi, row.facts));
  }
  return { groups: [...groups.values()], legs, sql };
}

const keyOf = ({ a, b }: Pick<KpiRow, 'a' | 'b'>): string => `${a}\0${b}`;

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
