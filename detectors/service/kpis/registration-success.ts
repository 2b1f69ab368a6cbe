import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Registrations that succeeded. */
export const registrationSuccess: KpiDefinition = {
  ...readings(['registration_attempts', 'registration_successes']),
  name: 'registration_success',
  group: 'data',
  title: 'Registration success rate',
  standard: '3GPP TS 28.554 clause 6.2.3; LTE: attach success rate, TS 32.455',
  meaning: 'Share of the registrations (5G) or attaches (LTE) that the core accepted.',
  formula:
    'accepted ÷ attempted registrations: the metrics `registration_successes` ÷ `registration_attempts`, counts of a period as the node reports them (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'registration_successes', denominator: 'registration_attempts' },
  minimum: 50,
  volume: 'attempts',
  limits: [
    { level: 'good', value: 0.98, source: 'own choice' },
    { level: 'poor', value: 0.95, source: 'own choice' },
  ],
  runbook: [
    'One node: that AMF or MME; look at its links to UDM and HSS, and its licence.',
    'All nodes: UDM, HSS, or a certificate that ran out. Many of one model: a firmware (`--by model`).',
    'A storm of attempts with the same successes: devices that try again and again; see what they have in common.',
  ],
};
