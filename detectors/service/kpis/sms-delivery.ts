import type { KpiDefinition } from './kpi.ts';
import { messages } from './sms.ts';

/** Messages that were delivered. */
export const smsDelivery: KpiDefinition = {
  ...messages,
  name: 'sms_delivery',
  title: 'SMS delivery ratio',
  standard: 'ETSI TS 102 250-2 (SMS)',
  alias: 'ETSI TS 102 250-2: 1 − SMS Completion Failure Ratio',
  meaning:
    'Share of the messages that reached the handset, of all that were accepted. Receipts may be false: only conversion (codes used ÷ codes sent) proves it.',
  formula: 'delivered ÷ messages',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'sms_delivered', denominator: 'sms_messages' },
  minimum: 50,
  volume: 'messages',
  limits: [
    { level: 'good', value: 0.95, source: 'habit of the field: 95 to 98 % is good' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    'Compare with `sms_dlr`: both low, receipts are missing; delivery alone, messages fail.',
    'See states and routes: `npx weir sql "SELECT partner, route, final_status, count() AS n FROM usage WHERE service = \'sms\' AND start_time >= now() - INTERVAL 1 HOUR GROUP BY ALL ORDER BY n DESC LIMIT 20"`.',
    'One route: move it to another, and send its carrier message identifiers with times.',
  ],
};
