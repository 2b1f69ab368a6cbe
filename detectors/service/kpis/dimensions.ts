/** By what KPIs can be cut, by query. The names are columns of the tables. */
import type { KpiQuery } from './kpi.ts';

const records = ['leg', 'service', 'partner', 'direction', 'node', 'route', 'rat', 'zone'];
const devices = ['node', 'site', 'model', 'firmware', 'device'];

/** Dimensions of each query, in the order in which they are usually named. */
export const kpiDimensions: Readonly<Record<KpiQuery, readonly string[]>> = {
  'kpi-usage': ['leg', 'partner', 'direction', 'node', 'route', 'cell', 'apn', 'rat', 'plan', 'zone', 'segment'],
  'kpi-quality': ['leg', 'partner', 'direction', 'node', 'route', 'rat', 'zone'],
  'kpi-arrivals': records,
  'kpi-repeats': records,
  'kpi-complete': records,
  'kpi-rejects': ['source', 'kind'],
  'kpi-measurements': [...devices, 'partner', 'apn'],
  'kpi-devices': devices,
  'kpi-pons': devices,
  'kpi-orders': ['plan', 'segment', 'system'],
  'kpi-incidents': ['category', 'team', 'severity'],
};
