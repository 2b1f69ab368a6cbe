import type { KpiDefinition } from './kpi.ts';
import { records } from './records.ts';

/** Records that arrive within an hour. */
export const recordTimeliness: KpiDefinition = {
  ...records('kpi-arrivals'),
  name: 'record_timeliness',
  title: 'Usage records in time',
  standard: 'own definition',
  meaning: 'Share of the usage records that arrived within an hour of their end. Late records are late bills and blind detectors.',
  formula:
    'records whose batch was built at most 3600 s after their end ÷ records, by minute: the end is the middle of the minute and the mean duration',
  unit: 'ratio',
  better: 'higher',
  rater: 'responsiveness',
  measure: { kind: 'ratio', numerator: 'arrived_in_time', denominator: 'arrived' },
  minimum: 50,
  volume: 'records',
  limits: [
    { level: 'good', value: 0.99, source: 'own choice' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    'Find the leg and node: `npx weir kpis record_timeliness --by leg,node`.',
    'One node: its transfer; controls S02 (silent feed) and S11 (late usage) say since when.',
  ],
};
