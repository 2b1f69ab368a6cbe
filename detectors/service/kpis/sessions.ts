/** What the KPIs of data sessions share. */
import { kpiDimensions } from './dimensions.ts';
import { sessionLegs } from './legs.ts';

/** Of every KPI over the sessions of `usage_minute`. */
export const sessions = {
  group: 'data',
  query: 'kpi-usage',
  services: ['data'],
  legs: sessionLegs,
  metrics: [],
  dimensions: kpiDimensions['kpi-usage'],
} as const;
