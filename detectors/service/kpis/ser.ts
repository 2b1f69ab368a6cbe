import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceQuality } from './voice.ts';

/** SER: SIP sessions that were answered. */
export const ser: KpiDefinition = {
  ...voiceQuality,
  name: 'ser',
  title: 'Session establishment ratio (SER)',
  standard: 'RFC 6076 clause 4.6',
  meaning: 'Share of the INVITEs that were answered. It depends on people as ASR does.',
  formula: 'INVITEs answered with 2xx ÷ (INVITEs − those with 3xx), by final response',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'invites_answered', denominator: 'invites' },
  minimum: 50,
  volume: 'INVITEs without redirections',
  limits: [{ level: 'poor', value: 0.4, source: 'as ASR: below 40 % a route is looked at' }],
  runbook: ['Compare with SEER: both low, the network; SER alone, people or wrong numbers.', causesBehind],
};
