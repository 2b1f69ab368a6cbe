import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Utilisation of links. */
export const utilisation: KpiDefinition = {
  ...readings(['utilisation_percent']),
  name: 'utilisation',
  group: 'access',
  title: 'Utilisation, 95 %',
  standard: 'habit of the field: 95 % of the busy hour',
  meaning: 'What 95 % of the utilisations of links do not exceed.',
  formula: '95 % quantile over devices and minutes of the metric `utilisation_percent` (a gauge)',
  unit: 'percent',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'stated', column: 'utilisation_p95', denominator: 'utilisation_readings' },
  minimum: 20,
  volume: 'readings',
  limits: [
    { level: 'good', value: 70, source: 'own choice' },
    { level: 'poor', value: 80, source: 'habit of the field: 80 % in the busy hour is the time to extend' },
  ],
  runbook: ['Cut it by device, in the busy hour. Extend, or move traffic; see who uses it first: an attack looks alike.'],
};
