import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Bearers that were set up. */
export const bearerSuccess: KpiDefinition = {
  ...readings(['bearer_attempts', 'bearer_successes']),
  name: 'bearer_success',
  group: 'data',
  title: 'Bearer set-up success rate (E-RAB, DRB)',
  standard: '3GPP TS 32.450 (E-RAB accessibility); TS 28.554 clause 6.2.4 (DRB)',
  meaning: 'Share of the bearers that the radio set up.',
  formula:
    'set up ÷ attempted bearers: the metrics `bearer_successes` ÷ `bearer_attempts`, counts of a period as the node reports them (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'bearer_successes', denominator: 'bearer_attempts' },
  minimum: 50,
  volume: 'attempts',
  limits: [
    { level: 'good', value: 0.99, source: 'own choice' },
    { level: 'poor', value: 0.97, source: 'own choice' },
  ],
  runbook: [
    'Cut it by site, then by node: `npx weir kpis bearer_success --by site`. One: radio, transmission or admission control.',
    'Many sites of one software: ask what was rolled out.',
  ],
};
