/** What the KPIs of the records themselves share. */
import { kpiDimensions } from './dimensions.ts';
import type { KpiDefinition, KpiQuery } from './kpi.ts';
import { everyLeg } from './legs.ts';

type Records = Pick<KpiDefinition, 'group' | 'query' | 'services' | 'legs' | 'metrics' | 'dimensions'>;

/**
 * Of every KPI over usage records, of all legs.
 * @example records('kpi-repeats').group // 'records'
 */
export const records = (query: KpiQuery): Records => ({
  group: 'records',
  query,
  services: [],
  legs: query === 'kpi-rejects' ? [] : everyLeg,
  metrics: [],
  dimensions: kpiDimensions[query],
});
