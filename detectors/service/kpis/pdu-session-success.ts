import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** PDU sessions that were established. */
export const pduSessionSuccess: KpiDefinition = {
  ...readings(['pdu_session_attempts', 'pdu_session_successes']),
  name: 'pdu_session_success',
  group: 'data',
  title: 'PDU session establishment success rate',
  standard: '3GPP TS 28.554 (PDU session establishment success rate)',
  meaning: 'Share of the requested PDU sessions (PDN connections in LTE) that were established.',
  formula:
    'established ÷ requested: the metrics `pdu_session_successes` ÷ `pdu_session_attempts`, counts of a period as the node reports them (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'pdu_session_successes', denominator: 'pdu_session_attempts' },
  minimum: 50,
  volume: 'attempts',
  limits: [
    { level: 'good', value: 0.98, source: 'own choice' },
    { level: 'poor', value: 0.95, source: 'own choice' },
  ],
  runbook: [
    'Cut it by data network: `npx weir kpis pdu_session_success --by apn`. One: its address pool, AAA or firewall.',
    'One node: SMF or PGW; look at N4 and its sessions against the licence.',
  ],
};
