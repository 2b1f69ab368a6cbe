/** What the KPIs of incidents share. */
import { kpiDimensions } from './dimensions.ts';

/** Of every KPI over the incidents that were opened. */
export const openedIncidents = {
  query: 'kpi-incidents',
  services: [],
  legs: [],
  metrics: [],
  dimensions: kpiDimensions['kpi-incidents'],
} as const;
