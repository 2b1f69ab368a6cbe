import type { KpiDefinition } from './kpi.ts';
import { records } from './records.ts';

/** How long records take to arrive. */
export const recordDelay: KpiDefinition = {
  ...records('kpi-arrivals'),
  name: 'record_delay',
  title: 'Delay of usage records, 95 %',
  standard: 'own definition',
  meaning: 'What 95 % of the usage records do not take longer than from their end until they are here.',
  formula:
    '95 % quantile, weighted by records, of (batch built − end), by minute: the end is the middle of the minute and the mean duration',
  unit: 's',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'arrival_p95', denominator: 'arrived' },
  minimum: 50,
  volume: 'records',
  limits: [
    { level: 'good', value: 900, source: 'own choice' },
    { level: 'poor', value: 7200, source: 'own choice' },
  ],
  runbook: ['As for the records in time.'],
};
