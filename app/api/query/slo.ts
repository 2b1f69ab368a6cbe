/** Service level objectives: as they stand, and how their error budgets burned. */
import { writeInstant } from '../../../core/row.ts';
import type { Store } from '../../../sql/store.ts';
import { type Column, type Frame, frameOf } from './frame.ts';
import { type Stretch, stepOf } from './kpi.ts';
import { tableFrame } from './tables.ts';

export interface SloQuery {
  readonly view: 'objectives' | 'history';
  readonly objectives: readonly string[];
  readonly limit: number;
}

interface Burnt {
  readonly bucket: string | number;
  readonly slo: string;
  readonly budget_left: number | null;
  readonly burn: Readonly<Record<string, number>>;
}

const deadline = { timeoutMs: 20_000 };

/** The frames of a query of objectives: a table, or for each objective its budget and its burn rates over time. */
export async function sloFrames(store: Pick<Store, 'rows'>, tenant: string, query: SloQuery, stretch: Stretch): Promise<Frame[]> {
  const { objectives, limit } = query;
  if (query.view !== 'history') {
    const rows = await store.rows<object>('api-query-slo', { tenant, objectives, limit }, deadline);
    return [
      tableFrame(rows, [
        ['slo', 'string'],
        ['service', 'string'],
        ['title', 'string'],
        ['state', 'string'],
        ['target', 'number', 'percentunit'],
        ['share', 'number', 'percentunit'],
        ['budget_left', 'number', 'percentunit', 'budget left'],
        ['good', 'number', 'short'],
        ['total', 'number', 'short'],
        ['allowed', 'number', 'short'],
        ['firing', 'string'],
        ['burn', 'string'],
        ['method', 'string'],
        ['window_from', 'time'],
        ['window_to', 'time'],
        ['judged_to', 'time'],
      ]),
    ];
  }
  const range = { from: writeInstant(stretch.from), to: writeInstant(stretch.to) };
  const rows = await store.rows<Burnt>(
    'api-query-slo-burn',
    { tenant, objectives, step: Math.max(300, stepOf(stretch)), ...range },
    deadline,
  );
  const names = [...new Set(rows.map(({ slo }) => slo))].slice(0, Math.max(1, limit));
  if (names.length === 0)
    return [
      frameOf(
        [
          { name: 'time', type: 'time', values: [] },
          { name: 'budget_left', type: 'number', values: [] },
        ],
        { type: 'timeseries-multi' },
      ),
    ];
  return names.map((slo) => {
    const own = rows.filter((row) => row.slo === slo);
    const windows = [...new Set(own.flatMap(({ burn }) => Object.keys(burn)))].sort();
    const columns: Column[] = [
      { name: 'time', type: 'time', values: own.map(({ bucket }) => Number(bucket)) },
      {
        ...{ name: 'budget_left', type: 'number', labels: { slo } },
        config: { unit: 'percentunit', displayNameFromDS: `${slo} budget left` },
        values: own.map(({ budget_left }) => budget_left),
      },
      ...windows.map(
        (window): Column => ({
          ...{ name: `burn_${window}`, type: 'number', labels: { slo, window } },
          config: { unit: 'none', displayNameFromDS: `${slo} burn ${window}` },
          values: own.map(({ burn }) => burn[window] ?? null),
        }),
      ),
    ];
    return frameOf(columns, { type: 'timeseries-multi' }, slo);
  });
}
