import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceCalls } from './voice.ts';

/** NER: calls that the network delivered, of all seizures. */
export const ner: KpiDefinition = {
  ...voiceCalls,
  name: 'ner',
  title: 'Network effectiveness ratio (NER)',
  standard: 'ITU-T E.425 (03/2002)',
  meaning:
    'Share of the seizures that reached the other end: answered, or ended by what the parties did (busy, no answer, rejected). Behaviour of people is taken out; what is left is the network.',
  formula:
    '(answered + unanswered with cause class normal or user) ÷ seizures that state a cause or were answered. Which Q.850 value or SIP code belongs to which class is a table, per partner: `npx weir kpis causes`. Wrong numbers (Q.850 1, 22, 28) are of class user as shipped; map them to network where a contract counts them so.',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'voice_delivered', denominator: 'voice_judged' },
  minimum: 50,
  volume: 'seizures that state their cause',
  limits: [
    { level: 'good', value: 0.95, source: 'habit of the field: above 95 %' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    causesBehind,
    'Cause class congestion: circuits or capacity towards that partner; look at ABR against ASR to see whether it is our own side.',
    'Cause class network (27, 38, 41): the partner or its transit. Open a ticket with the partner, with times, numbers in its own form and release causes.',
    'A class that makes no sense: the partner rewrites causes. Correct the mapping for that partner (docs/kpis.md#causes).',
  ],
};
