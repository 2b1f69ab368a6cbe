import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceCalls } from './voice.ts';

/** ABR: answered calls of all bids. */
export const abr: KpiDefinition = {
  ...voiceCalls,
  name: 'abr',
  title: 'Answer-bid ratio (ABR)',
  standard: 'ITU-T E.411 (03/2000) and E.425 (03/2002)',
  meaning:
    'Share of all attempts that were answered, those that got no circuit included. The gap between ASR and ABR is congestion on our own side.',
  formula: 'answered ÷ bids. A bid is every record of the leg: seizures and attempts that were released before one.',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'voice_answered', denominator: 'voice_bids' },
  minimum: 50,
  volume: 'bids',
  limits: [{ level: 'poor', value: 0.4, source: 'as ASR: below 40 % a route is looked at' }],
  runbook: [
    'Compare with ASR of the same node: `npx weir kpis asr --by node`. A gap of more than two points is congestion before the outgoing circuit.',
    causesBehind,
    'Congestion in the busy hour only: order circuits or sessions. At any hour: a trunk or licence is out of service.',
  ],
};
