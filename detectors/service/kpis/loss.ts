import type { KpiDefinition } from './kpi.ts';
import { lossMetrics, readings } from './readings.ts';

/** Loss that probes measure. */
export const loss: KpiDefinition = {
  ...readings(lossMetrics),
  name: 'loss',
  group: 'data',
  title: 'Packet loss',
  standard: 'ITU-T Y.1541 class 0',
  meaning: 'Mean loss that probes and devices measure.',
  formula: 'mean over readings of the metric `loss_percent` (Telegraf: `ping_percent_packet_loss`)',
  unit: 'percent',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'loss_sum', denominator: 'loss_readings' },
  minimum: 20,
  volume: 'measurements',
  limits: [
    { level: 'good', value: 0.1, source: 'ITU-T Y.1541 class 0: 10⁻³' },
    { level: 'poor', value: 2, source: 'India, drive tests of 2025: at most 2 %' },
  ],
  runbook: ['One site: its link or radio. Loss without latency: errors on the line; with latency: a full queue.'],
};
