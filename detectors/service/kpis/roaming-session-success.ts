import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Data sessions of roamers that were established. */
export const roamingSessionSuccess: KpiDefinition = {
  ...readings(['roaming_session_attempts', 'roaming_session_successes']),
  name: 'roaming_session_success',
  group: 'roaming',
  title: 'Roaming data session success rate',
  standard: 'GSMA IR.81 (GRQ), PDP context activation success; own metric names',
  meaning: 'Share of the data sessions of roamers that were established, by partner.',
  formula:
    'established ÷ requested: the metrics `roaming_session_successes` ÷ `roaming_session_attempts`, counts of a period as the node reports them (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'roaming_session_successes', denominator: 'roaming_session_attempts' },
  minimum: 50,
  volume: 'attempts',
  limits: [
    { level: 'good', value: 0.95, source: 'own choice' },
    { level: 'poor', value: 0.85, source: 'own choice' },
  ],
  runbook: [
    'Cut it by partner and data network: `npx weir kpis roaming_session_success --by partner,apn`. One partner: GRX or IPX path, DNS of the APN; one data network: its gateway.',
  ],
};
