import type { KpiDefinition } from './kpi.ts';
import { records } from './records.ts';

/** Records that were rejected. */
export const recordRejects: KpiDefinition = {
  ...records('kpi-rejects'),
  name: 'record_rejects',
  title: 'Rejected records',
  standard: 'own definition; the law of the ledger: read = stored + rejected + dropped',
  meaning: 'Share of the positions read that became no record. By the time of storing, not of the event.',
  formula: 'rejected ÷ read, from the ledger',
  unit: 'ratio',
  better: 'lower',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'rejected_records', denominator: 'read_records' },
  minimum: 50,
  volume: 'positions read',
  limits: [
    { level: 'good', value: 0.001, source: 'own choice' },
    { level: 'poor', value: 0.01, source: 'own choice' },
  ],
  runbook: [
    'See why: `npx weir rejects`. A new reason is a new format or release; correct the mapping and replay.',
    'Controls S12 values them.',
  ],
};
