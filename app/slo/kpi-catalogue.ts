/** The KPI catalogue as objectives and agreements ask it: its own questions, a day of fine slices at a time. */
import type { Evidence } from '../../core/definition.ts';
import { kpiNamed, kpis } from '../../detectors/service/kpis/index.ts';
import type { Store } from '../../sql/store.ts';
import { evidenceSql } from '../detect/evidence.ts';
import { kpiQuestion } from '../kpis/ask.ts';
import { legsOf } from '../kpis/legs.ts';
import { params, readKpi } from '../kpis/read.ts';
import type { KpiPort, KpiSlice } from './kpi-port.ts';

const minuteMs = 60_000;
/** Most slices of one question. */
const mostSlices = 1_440;

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
      const slices: KpiSlice[] = [];
      for (let begin = from; begin < to; begin += mostSlices * sliceMs) {
        const window = { from: begin, to: Math.min(to, begin + mostSlices * sliceMs) };
        const { groups } = await readKpi(store, tenant, kpiQuestion({ kpi, window, stepMs: sliceMs, by: [], leg: '', only, limit: 1 }));
        slices.push(...(groups[0]?.points ?? []).map(({ at, value, volume, events }) => ({ at, value, volume, events })));
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
