import type { KpiDefinition } from './kpi.ts';
import { activatedOrders } from './orders.ts';

/** Order to activation, the middle order. */
export const orderToActivate: KpiDefinition = {
  ...activatedOrders,
  name: 'order_to_activate',
  title: 'Order to activation, median',
  standard: 'TM Forum GB935 F-CE-2a (mean duration to fulfil a service order)',
  meaning: 'Time from the order to the activation, of the middle order that was activated in the stretch.',
  formula: 'median over orders activated of (activated − ordered); orders of the ninety days before',
  unit: 'h',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'activation_p50', denominator: 'orders_activated' },
  minimum: 10,
  volume: 'orders activated',
  limits: [
    { level: 'good', value: 24, source: 'own choice' },
    { level: 'poor', value: 72, source: 'own choice' },
  ],
  runbook: [
    'Which step takes the time: `npx weir sql "SELECT * FROM lifecycle_to_cash WHERE state = \'in work\' ORDER BY begun_at LIMIT 50"`.',
    'One plan or system: its provisioning; control N04 names the step where orders stop.',
  ],
};
