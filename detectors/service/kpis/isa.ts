import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceQuality } from './voice.ts';

/** ISA: SIP sessions that failed by the servers. */
export const isa: KpiDefinition = {
  ...voiceQuality,
  name: 'isa',
  title: 'Ineffective session attempts (ISA)',
  standard: 'RFC 6076 clause 4.8',
  meaning: 'Share of the INVITEs that failed because a server was overloaded, broken or did not answer.',
  formula: 'INVITEs that ended with 408, 500, 503 or 504 ÷ INVITEs, by final response',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'invites_ineffective', denominator: 'invites_all' },
  minimum: 50,
  volume: 'INVITEs',
  limits: [
    { level: 'good', value: 0.01, source: 'own choice' },
    { level: 'poor', value: 0.05, source: 'own choice' },
  ],
  runbook: [
    causesBehind,
    '408 and 504: no answer from the next hop; 503: it refuses load; 500: it fails. Take a hop that fails out of the list of targets.',
  ],
};
