/** Reconciliation as tables: runs of comparisons, why records break, and the breaks themselves. */
import { writeInstant } from '../../../core/row.ts';
import { queryNamed } from '../../../sql/queries.ts';
import type { Store } from '../../../sql/store.ts';
import { writeParams } from '../../detect/evidence.ts';
import { type Frame, unitOf } from './frame.ts';
import { type Shape, tableFrame } from './tables.ts';

export interface ReconciliationQuery {
  readonly view: 'runs' | 'causes' | 'breaks';
  readonly controls: readonly string[];
  readonly comparisons: readonly string[];
  /** mismatch, a_only, b_only; none = all. */
  readonly classes: readonly string[];
  readonly limit: number;
}

interface Context {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
  readonly currency: string;
}

interface Run extends Readonly<Record<string, unknown>> {
  readonly at: string;
  readonly records_a: number;
  readonly records_b: number;
  readonly agreed: number;
  readonly settled: number;
  readonly charge_a: number;
  readonly charge_b: number;
}

/** The frame of a reconciliation query. */
export async function reconciliationFrames(
  { store, tenant, currency }: Context,
  query: ReconciliationQuery,
  from: number,
  to: number,
): Promise<Frame[]> {
  const name = `api-query-${query.view}`;
  const { controls, comparisons, classes, limit } = query;
  const params = { tenant, controls, comparisons, classes, limit, from: writeInstant(from), to: writeInstant(to) };
  const rows = await store.rows<Run>(name, params, { timeoutMs: 20_000 });
  const shown = query.view === 'runs' ? rows.map(runOf).sort((a, b) => Number(a.at) - Number(b.at)) : rows;
  return [
    tableFrame(shown, shapes(unitOf('currency', currency))[query.view], {
      executedQueryString: writeParams(queryNamed(name).sql, params as never),
    }),
  ];
}

/** A run with what it comes to: the share of the records that agree. */
function runOf(run: Run): Run {
  const agreed = Number(run.agreed) + Number(run.settled);
  const more = Math.max(Number(run.records_a), Number(run.records_b));
  return { ...run, agreement: more === 0 ? null : Math.min(1, agreed / more) };
}

const texts = (...names: string[]): Shape[] => names.map((name) => [name, 'string']);
const counts = (...names: string[]): Shape[] => names.map((name) => [name, 'number', 'short']);

function shapes(money: string): Readonly<Record<ReconciliationQuery['view'], readonly Shape[]>> {
  return {
    runs: [
      ['at', 'time', undefined, 'time'],
      ['until', 'time'],
      ...texts('control', 'comparison', 'leg_a', 'leg_b', 'partner', 'state', 'note'),
      ...counts('records_a', 'records_b', 'agreed', 'settled', 'mismatch', 'a_only', 'b_only'),
      ['agreement', 'number', 'percentunit'],
      ['charge_a', 'number', money],
      ['charge_b', 'number', money],
      ['currency', 'string'],
      ['finished_at', 'time'],
    ],
    causes: [
      ...texts('control', 'comparison', 'class', 'pattern', 'text'),
      ...counts('records'),
      ['share', 'number', 'percentunit'],
      ['more_a', 'number', money],
      ['more_b', 'number', money],
      ...counts('customers', 'windows'),
      ['began_at', 'time'],
    ],
    breaks: [
      ['at', 'time', undefined, 'day'],
      ...texts('control', 'comparison', 'class', 'how', 'service', 'direction'),
      ['start_a', 'time'],
      ['start_b', 'time'],
      ['seconds_a', 'number', 's'],
      ['seconds_b', 'number', 's'],
      ['octets_a', 'number', 'decbytes'],
      ['octets_b', 'number', 'decbytes'],
      ['charge_a', 'number', money],
      ['charge_b', 'number', money],
      ['money', 'number', money],
      ...texts('node', 'route', 'plan', 'zone', 'record_a', 'record_b'),
    ],
  };
}
