import type { KpiDefinition } from './kpi.ts';
import { messageQuality } from './sms.ts';

/** What 95 % of the messages do not exceed. */
export const smsLatencyP95: KpiDefinition = {
  ...messageQuality,
  name: 'sms_latency_p95',
  title: 'SMS delivery time, 95 %',
  standard: 'ETSI TS 102 250-2 (SMS)',
  alias: 'ETSI TS 102 250-2: SMS End-to-End Delivery Time',
  meaning: 'What 95 % of the delivered messages do not take longer than; handsets that are off are in it.',
  formula: '95 % quantile over delivered messages of (done − submitted), to 9 %',
  unit: 's',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'sms_latency_p95', denominator: 'sms_timed' },
  minimum: 100,
  volume: 'delivered messages with both times',
  limits: [
    { level: 'good', value: 60, source: 'own choice' },
    { level: 'poor', value: 600, source: 'own choice' },
  ],
  runbook: ['Risen with the median: as for the median. Risen alone: retries; see which states come before delivery.'],
};
