import type { KpiDefinition } from './kpi.ts';
import { records } from './records.ts';

/** Records received of those expected. */
export const recordCompleteness: KpiDefinition = {
  ...records('kpi-complete'),
  name: 'record_completeness',
  title: 'Completeness of usage records',
  standard: 'own definition: hour of week',
  meaning: 'Usage records against the same time of the four weeks before. Too few may be lost records, or lost traffic.',
  formula:
    'Σ min(received, expected) ÷ Σ expected; expected is the median of the same stretch one to four weeks before, of at least two weeks that brought any',
  unit: 'ratio',
  better: 'higher',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'complete_records', denominator: 'expected_records' },
  minimum: 50,
  volume: 'records expected',
  limits: [
    { level: 'good', value: 0.9, source: 'own choice' },
    { level: 'poor', value: 0.7, source: 'own choice' },
  ],
  runbook: [
    'Find leg and node: `npx weir kpis record_completeness --by leg,node`. A gap in file or record numbers (S01, S04): records are lost. No gap: traffic is.',
    'A holiday explains a low day: see the calendar.',
  ],
};
