import type { KpiDefinition } from './kpi.ts';
import { jitterMetrics, readings } from './readings.ts';

/** Jitter that probes measure. */
export const jitter: KpiDefinition = {
  ...readings(jitterMetrics),
  name: 'jitter',
  group: 'data',
  title: 'Jitter, 95 %',
  standard: 'ITU-T Y.1541 class 0 (IPDV)',
  meaning: 'What 95 % of the jitter values that probes and devices measure do not exceed.',
  formula: '95 % quantile over devices and minutes of the metric `jitter_ms` (Telegraf: `ping_standard_deviation_ms`)',
  unit: 'ms',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'jitter_p95', denominator: 'jitter_readings' },
  minimum: 20,
  volume: 'measurements',
  limits: [
    { level: 'good', value: 20, source: 'own choice' },
    { level: 'poor', value: 50, source: 'ITU-T Y.1541 class 0: 50 ms' },
  ],
  runbook: ['Jitter is a queue: look at utilisation of the same site.'],
};
