import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceQuality } from './voice.ts';

/** SEER: SIP sessions that the network set up. */
export const seer: KpiDefinition = {
  ...voiceQuality,
  name: 'seer',
  title: 'Session establishment effectiveness ratio (SEER)',
  standard: 'RFC 6076 clause 4.7',
  meaning: 'What NER is to circuits: sessions that were answered or ended by what the called party did. Behaviour of people is taken out.',
  formula: 'INVITEs answered with 200, 480, 486, 600 or 603 ÷ (INVITEs − those with 3xx), by final response',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'invites_effective', denominator: 'invites' },
  minimum: 50,
  volume: 'INVITEs without redirections',
  limits: [
    { level: 'good', value: 0.95, source: 'as NER: above 95 %' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    causesBehind,
    'Responses 503: overload or a peer out of service. 500 and 502: the peer fails. 488: codecs that do not fit. 403 and 404: routing or numbering between the peers.',
    'One trunk: OPTIONS pings, certificates and registrations of that peer.',
  ],
};
