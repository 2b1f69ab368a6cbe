/** Which query answers the KPIs of a query as a whole and by every single dimension at once. */
import type { KpiDefinition, KpiQuery } from './kpi.ts';

/** Named queries in `sql/queries/` that cut by all dimensions in one scan: the figures of the KPI's own query, which defines them. */
export type EveryQuery =
  | 'kpi-every-calls'
  | 'kpi-every-messages'
  | 'kpi-every-sessions'
  | 'kpi-every-quality'
  | 'kpi-every-records'
  | 'kpi-every-measurements'
  | 'kpi-every-devices'
  | 'kpi-every-pons';

const ofService: Readonly<Record<string, EveryQuery>> = {
  voice: 'kpi-every-calls',
  sms: 'kpi-every-messages',
  data: 'kpi-every-sessions',
};

const ofQuery: Readonly<Partial<Record<KpiQuery, EveryQuery>>> = {
  'kpi-quality': 'kpi-every-quality',
  'kpi-arrivals': 'kpi-every-records',
  'kpi-repeats': 'kpi-every-records',
  'kpi-complete': 'kpi-every-records',
  'kpi-measurements': 'kpi-every-measurements',
  'kpi-devices': 'kpi-every-devices',
  'kpi-pons': 'kpi-every-pons',
};

/**
 * The query that cuts the KPI by all its dimensions at once; undefined = there is none: its table is small, a query for each dimension will do.
 * @example everyQueryOf({ query: 'kpi-usage', services: ['sms'] }) // 'kpi-every-messages'
 */
export function everyQueryOf({ query, services }: Pick<KpiDefinition, 'query' | 'services'>): EveryQuery | undefined {
  if (query !== 'kpi-usage') return ofQuery[query];
  const [service = '', ...others] = services;
  return others.length === 0 ? ofService[service] : undefined;
}
