import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceCalls } from './voice.ts';

/** CSSR: attempts whose set-up succeeded. */
export const cssr: KpiDefinition = {
  ...voiceCalls,
  name: 'cssr',
  title: 'Call set-up success rate (CSSR)',
  standard: '3GPP TS 32.410 (call set-up success); regulators measure it as in TRAI QoS regulations 2024',
  alias: 'ETSI TS 102 250-2: 1 − Telephony Service Non-Accessibility',
  meaning: 'Share of all attempts that the network set up as far as the other end, those without a circuit included.',
  formula:
    '(answered + unanswered with cause class normal or user) ÷ attempts that state a cause or were answered. Unlike NER it counts attempts that got no circuit.',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'voice_delivered', denominator: 'voice_set_ups' },
  minimum: 50,
  volume: 'attempts that state their cause',
  limits: [
    { level: 'good', value: 0.98, source: 'India, drive tests of 2025: at least 98 %' },
    { level: 'poor', value: 0.95, source: 'own choice' },
  ],
  runbook: [
    'Cut it by cell, then by node: `npx weir kpis cssr --by cell`. One cell or site: radio or transmission; one node: the core.',
    causesBehind,
    'Ask what was changed shortly before: the finding of a detector lists changes as suspects.',
  ],
};
