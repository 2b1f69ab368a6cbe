/** What the KPIs of orders share. */
import { kpiDimensions } from './dimensions.ts';

/** Of every KPI over the orders that were activated. */
export const activatedOrders = {
  group: 'orders',
  query: 'kpi-orders',
  services: [],
  legs: [],
  metrics: [],
  dimensions: kpiDimensions['kpi-orders'],
} as const;
