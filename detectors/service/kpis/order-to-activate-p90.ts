import type { KpiDefinition } from './kpi.ts';
import { activatedOrders } from './orders.ts';

/** Order to activation, nine of ten. */
export const orderToActivateP90: KpiDefinition = {
  ...activatedOrders,
  name: 'order_to_activate_p90',
  title: 'Order to activation, 90 %',
  standard: 'TM Forum GB935 F-CE-2a (mean duration to fulfil a service order)',
  meaning: 'What nine of ten orders do not take longer than.',
  formula: '90 % quantile over orders activated of (activated − ordered)',
  unit: 'h',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'activation_p90', denominator: 'orders_activated' },
  minimum: 20,
  volume: 'orders activated',
  limits: [
    { level: 'good', value: 72, source: 'own choice' },
    { level: 'poor', value: 240, source: 'own choice' },
  ],
  runbook: [
    "List the oldest orders in work: `npx weir sql \"SELECT * FROM lifecycle_to_cash WHERE state IN ('in work', 'failed') ORDER BY begun_at LIMIT 50\"`.",
  ],
};
