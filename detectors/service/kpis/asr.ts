import type { KpiDefinition } from './kpi.ts';
import { causesBehind, voiceCalls } from './voice.ts';

/** ASR: answered calls of all seizures. */
export const asr: KpiDefinition = {
  ...voiceCalls,
  name: 'asr',
  title: 'Answer-seizure ratio (ASR)',
  standard: 'ITU-T E.411 (03/2000) and E.425 (03/2002)',
  meaning:
    'Share of the seizures that were answered. It depends on what people do (busy, no answer) as much as on the network, so compare it with its own past and with other routes to the same destination.',
  formula:
    'answered ÷ seizures. A seizure is an attempt that got an outgoing circuit: every record of the leg but those that were released for congestion without an outgoing route.',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'voice_answered', denominator: 'voice_seizures' },
  minimum: 50,
  volume: 'seizures',
  limits: [
    { level: 'good', value: 0.5, source: 'habit of the field: a good retail route has 50 to 65 %' },
    { level: 'poor', value: 0.4, source: 'habit of the field: below 40 % a route is looked at' },
  ],
  runbook: [
    'Look at NER of the same partner and route (`npx weir kpis ner --by partner`). NER well and ASR low: people are busy or do not answer, or numbers are wrong; a campaign or robocalls explain it. Both low: the network.',
    causesBehind,
    'Only one route of a partner: take it out of the routing and tell the partner, with five calls as examples.',
    'ASR falls and ACD too: calls are answered by false supervision or end for lack of audio; make test calls.',
  ],
};
