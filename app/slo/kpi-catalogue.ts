/** The KPI catalogue as objectives and agreements ask it: its own queries, the leg chosen once for a whole period, a month of minutes in three scans. */
import type { Evidence } from '../../core/definition.ts';
import { type KpiDefinition, kpiNamed, kpis } from '../../detectors/service/kpis/index.ts';
import type { Store } from '../../sql/store.ts';
import { evidenceSql } from '../detect/evidence.ts';
import { kpiQuestion } from '../kpis/ask.ts';
import { legsOf } from '../kpis/legs.ts';
import { type KpiRow, params, pointsOf, readRows } from '../kpis/read.ts';
import type { KpiPort, KpiSlice } from './kpi-port.ts';

const minuteMs = 60_000;
/** Most slices of one query: rollups of usage are summed on the way; what looks at each device holds all of them. */
const mostSlices = ({ query }: KpiDefinition): number => (query === 'kpi-usage' || query === 'kpi-quality' ? 20_000 : 1_440);

export function kpiPort(store: Pick<Store, 'rows'>, tenant: string): KpiPort {
  return {
    names: kpis.map(({ name }) => name),
    facts(name) {
      const kpi = kpiNamed(name);
      return (
        kpi && {
          as: kpi.measure.kind === 'ratio' ? 'ratio' : 'value',
          counts: kpi.better === 'lower' ? 'failure' : 'success',
          dimensions: kpi.dimensions,
          sliceMs: minuteMs,
        }
      );
    },
    legs: (name) => kpiNamed(name)?.legs ?? [],
    async slices(name, where, from, to, sliceMs) {
      const kpi = kpiNamed(name);
      if (!kpi) throw new Error(`no KPI is called ${name}`);
      const only = Object.fromEntries(Object.entries(where).map(([dimension, value]) => [dimension, [value]]));
      const question = kpiQuestion({ kpi, window: { from, to }, stepMs: 0, by: [], leg: '', only, limit: 1 });
      const legs = await legsOf(store, tenant, question);
      const empty = kpi.legs.length > 0 && legs.length === 0;
      const slices: KpiSlice[] = [];
      for (let begin = from; begin < to; begin += mostSlices(kpi) * sliceMs) {
        const window = { from: begin, to: Math.min(to, begin + mostSlices(kpi) * sliceMs) };
        const rows: readonly KpiRow[] = empty
          ? []
          : await readRows(store, params(tenant, { ...question, window }, legs, sliceMs, []), kpi.query);
        for (const { at, value, volume, events } of pointsOf(kpi, window, sliceMs, rows)) slices.push({ at, value, volume, events });
      }
      return slices;
    },
    async evidence(name, where, from, to, sliceMs) {
      const kpi = kpiNamed(name);
      if (!kpi) return '';
      const only = Object.fromEntries(Object.entries(where).map(([dimension, value]) => [dimension, [value]]));
      const question = { kpi, window: { from, to }, by: [], only, leg: '' };
      const given = params(tenant, question, await legsOf(store, tenant, question), sliceMs, []);
      return evidenceSql({ query: kpi.query, params: given as Evidence['params'] });
    },
  };
}
