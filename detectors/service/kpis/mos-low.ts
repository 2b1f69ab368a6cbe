import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** Share of calls with a score below 3.6. */
export const mosLow: KpiDefinition = {
  ...voiceQuality,
  name: 'mos_low',
  title: 'Calls of poor quality',
  standard: 'ITU-T G.107 annex B (MOS 3.6 = R 70)',
  meaning: 'Share of the calls that state a score below 3.6: those of which many users would be dissatisfied.',
  formula: 'calls with a stated score below 3.6 ÷ calls that state one',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'mos_poor_calls', denominator: 'mos_calls' },
  minimum: 20,
  volume: 'calls that state a score',
  limits: [
    { level: 'good', value: 0.02, source: 'own choice' },
    { level: 'poor', value: 0.1, source: 'own choice' },
  ],
  runbook: ['As for MOS: find route, node and access technology, then loss and jitter of the same calls.'],
};
