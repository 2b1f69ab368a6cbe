import type { KpiDefinition } from './kpi.ts';
import { messageQuality } from './sms.ts';

/** Time to delivery of the middle message. */
export const smsLatency: KpiDefinition = {
  ...messageQuality,
  name: 'sms_latency',
  title: 'SMS delivery time, median',
  standard: 'ETSI TS 102 250-2 (SMS)',
  alias: 'ETSI TS 102 250-2: SMS End-to-End Delivery Time',
  meaning: 'Time from submission to delivery, of the middle delivered message. Watch its change rather than its height.',
  formula: 'median over delivered messages of (done − submitted), to 9 %',
  unit: 's',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'sms_latency_p50', denominator: 'sms_timed' },
  minimum: 50,
  volume: 'delivered messages with both times',
  limits: [
    { level: 'good', value: 10, source: 'own choice' },
    { level: 'poor', value: 60, source: 'own choice' },
  ],
  runbook: [
    'One route: the carrier queues; ask for its throughput and raise the window of the bind.',
    'All: our own message centre; look at its queue and retry schedule.',
  ],
};
