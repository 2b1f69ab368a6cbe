import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Registrations of roamers that succeeded. */
export const roamingRegistration: KpiDefinition = {
  ...readings(['roaming_registration_attempts', 'roaming_registration_successes']),
  name: 'roaming_registration',
  group: 'roaming',
  title: 'Roaming registration success rate',
  standard: 'GSMA IR.81 (GRQ), location update success; own metric names',
  meaning: 'Share of the registrations of roamers (update location, ULR) that succeeded, by partner.',
  formula:
    'successful ÷ attempted: the metrics `roaming_registration_successes` ÷ `roaming_registration_attempts`, counts of a period as the node reports them (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'roaming_registration_successes', denominator: 'roaming_registration_attempts' },
  minimum: 50,
  volume: 'attempts',
  limits: [
    { level: 'good', value: 0.95, source: 'own choice' },
    { level: 'poor', value: 0.85, source: 'own choice' },
  ],
  runbook: [
    'Cut it by partner: `npx weir kpis roaming_registration --by partner`. One: its signalling link, or steering of roaming that refuses; look at the error codes.',
    'Unknown subscriber or roaming not allowed for many: provisioning or the partner list of the HLR.',
  ],
};
