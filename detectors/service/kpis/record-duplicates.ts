import type { KpiDefinition } from './kpi.ts';
import { records } from './records.ts';

/** Records that repeat one. */
export const recordDuplicates: KpiDefinition = {
  ...records('kpi-repeats'),
  name: 'record_duplicates',
  title: 'Repeated records',
  standard: 'own definition; the authority is control S10 over usage_keys',
  meaning: 'Share of the usage records that repeat one seen shortly before, by their own identity.',
  formula: 'records marked as a repeat ÷ records stored',
  unit: 'ratio',
  better: 'lower',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'repeated_records', denominator: 'stored_records' },
  minimum: 50,
  volume: 'records',
  limits: [
    { level: 'good', value: 0.0001, source: 'own choice' },
    { level: 'poor', value: 0.001, source: 'own choice' },
  ],
  runbook: ['See control S10 with file and node: `npx weir controls show S10`.'],
};
