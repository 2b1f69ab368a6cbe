import type { KpiDefinition } from './kpi.ts';
import { messageQuality } from './sms.ts';

/** Messages with any final state. */
export const smsDlr: KpiDefinition = {
  ...messageQuality,
  name: 'sms_dlr',
  title: 'SMS receipt ratio (DLR ratio)',
  standard: 'SMPP 3.4 clause 5.2.28 (message states)',
  meaning: 'Share of the messages of which a final state is known, good or bad. It separates "failed" from "we do not know".',
  formula:
    'messages that are delivered or have a final state (not accepted, enroute, buffered, pending, queued, sent, submitted, scheduled, unknown) ÷ messages',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'sms_final', denominator: 'sms_messages' },
  minimum: 50,
  volume: 'messages',
  limits: [
    { level: 'good', value: 0.97, source: 'Vonage: a healthy route has more than 97 %' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    'Receipts come minutes later: leave the last hour out (`--to`).',
    'One route: the carrier sends no receipts, or to another bind; check the bind that takes deliver_sm.',
  ],
};
