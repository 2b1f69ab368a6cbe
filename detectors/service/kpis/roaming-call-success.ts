import type { KpiDefinition } from './kpi.ts';
import { voiceCalls } from './voice.ts';

/** Calls of roamers that the network delivered. */
export const roamingCallSuccess: KpiDefinition = {
  ...voiceCalls,
  name: 'roaming_call_success',
  group: 'roaming',
  title: 'Roaming call success rate',
  standard: 'GSMA IR.81 (GRQ), call set-up success; computed as NER',
  meaning:
    'Share of the calls with a roaming partner that reached the other end. A partner is roaming when the reference data say so (`partner_kind`).',
  formula:
    '(answered + unanswered with cause class normal or user) ÷ calls that state a cause or were answered, of partners of kind roaming. TAP and NRTRDE hold successful calls only and are not read',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'roaming_delivered', denominator: 'roaming_calls' },
  minimum: 20,
  volume: 'calls that state their cause',
  limits: [
    { level: 'good', value: 0.95, source: 'own choice' },
    { level: 'poor', value: 0.85, source: 'own choice' },
  ],
  runbook: [
    'Cut it by partner: `npx weir kpis roaming_call_success --by partner`. One: tell its roaming desk with times and causes.',
    'All: our own gateway or IPX carrier.',
  ],
};
