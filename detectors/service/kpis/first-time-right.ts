import type { KpiDefinition } from './kpi.ts';
import { activatedOrders } from './orders.ts';

/** Orders without any failed step. */
export const firstTimeRight: KpiDefinition = {
  ...activatedOrders,
  name: 'first_time_right',
  title: 'First time right',
  standard: 'TM Forum GB935, order fulfilment without rework',
  meaning: 'Share of the activated orders of which no step failed on the way.',
  formula: 'orders activated without a failed step ÷ orders activated',
  unit: 'ratio',
  better: 'higher',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'orders_first_time', denominator: 'orders_activated' },
  minimum: 10,
  volume: 'orders activated',
  limits: [
    { level: 'good', value: 0.95, source: 'own choice' },
    { level: 'poor', value: 0.85, source: 'own choice' },
  ],
  runbook: [
    'See the errors: `npx weir sql "SELECT step, system, error, count() AS n FROM lifecycle WHERE result = \'failed\' AND event_time >= now() - INTERVAL 7 DAY GROUP BY ALL ORDER BY n DESC LIMIT 20"`.',
    'The first three errors are usually most of it: give each to the team of its system.',
  ],
};
