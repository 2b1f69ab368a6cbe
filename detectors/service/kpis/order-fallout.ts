import type { KpiDefinition } from './kpi.ts';
import { activatedOrders } from './orders.ts';

/** Orders that a person had to handle. */
export const orderFallout: KpiDefinition = {
  ...activatedOrders,
  name: 'order_fallout',
  title: 'Order fallout',
  standard: 'TM Forum GB935, order fallout',
  meaning: 'Share of the activated orders of which a step after payment was done by a person (actor agent).',
  formula: 'orders with a step of the actor agent, ordered and paid left out ÷ orders activated',
  unit: 'ratio',
  better: 'lower',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'orders_by_hand', denominator: 'orders_activated' },
  minimum: 10,
  volume: 'orders activated',
  limits: [
    { level: 'good', value: 0.05, source: 'own choice' },
    { level: 'poor', value: 0.15, source: 'own choice' },
  ],
  runbook: ['See which step and error: as for first time right. What people do the same way each time can be done by the system.'],
};
