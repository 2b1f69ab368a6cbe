import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Throughput that probes measure. */
export const throughputMeasured: KpiDefinition = {
  ...readings(['throughput_down_mbps']),
  name: 'throughput_measured',
  group: 'data',
  title: 'Measured throughput, median',
  standard: 'ITU-T Y.1540; ETSI TS 102 250-2',
  meaning: 'Middle of what speed tests and probes measure.',
  formula: 'median over devices and minutes of the metric `throughput_down_mbps`',
  unit: 'Mbit/s',
  better: 'steady',
  rater: 'reliability',
  measure: { kind: 'stated', column: 'throughput_p50', denominator: 'throughput_readings' },
  minimum: 20,
  volume: 'measurements',
  limits: [],
  runbook: ['Compare sites and models: `npx weir kpis throughput_measured --by site`. One model alone: Wi-Fi or firmware.'],
};
