import type { KpiDefinition } from './kpi.ts';
import { latencyMetrics, readings } from './readings.ts';

/** Latency that probes measure. */
export const latency: KpiDefinition = {
  ...readings(latencyMetrics),
  name: 'latency',
  group: 'data',
  title: 'Latency, 95 %',
  standard: 'ITU-T Y.1541 class 0; G.114',
  meaning: 'What 95 % of the round trips that probes and devices measure do not exceed.',
  formula: '95 % quantile over devices and minutes of the metric `latency_ms` (Telegraf: `ping_average_response_ms`)',
  unit: 'ms',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'latency_p95', denominator: 'latency_readings' },
  minimum: 20,
  volume: 'measurements',
  limits: [
    { level: 'good', value: 100, source: 'ITU-T Y.1541 class 0 and India 2025: 100 ms' },
    { level: 'poor', value: 250, source: 'India until 2024: 250 ms' },
  ],
  runbook: ['One site or node: its link; look at utilisation and loss there.', 'All: the peering or a core path; trace from two sites.'],
};
