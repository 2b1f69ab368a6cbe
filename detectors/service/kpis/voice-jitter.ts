import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** Jitter of calls. */
export const voiceJitter: KpiDefinition = {
  ...voiceQuality,
  name: 'voice_jitter',
  title: 'Jitter of calls',
  standard: 'ITU-T Y.1541 class 0 (IPDV); RFC 3550 clause 6.4.1 for how it is measured',
  meaning: 'Mean inter-arrival jitter, as calls state it.',
  formula: 'Σ stated jitter ÷ calls that state it',
  unit: 'ms',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'jitter_sum', denominator: 'jitter_calls' },
  minimum: 20,
  volume: 'calls that state jitter',
  limits: [
    { level: 'good', value: 20, source: 'own choice' },
    { level: 'poor', value: 50, source: 'ITU-T Y.1541 class 0: 50 ms' },
  ],
  runbook: [
    'Jitter is a queue: look at the utilisation of the links of that route (`npx weir kpis utilisation`).',
    'Set voice into a priority queue; check that DSCP survives the interconnect.',
  ],
};
