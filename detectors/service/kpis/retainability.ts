import type { KpiDefinition } from './kpi.ts';
import { sessions } from './sessions.ts';

/** Data sessions that the network ended, by hour of session. */
export const retainability: KpiDefinition = {
  ...sessions,
  name: 'retainability',
  title: 'Session retainability',
  standard: '3GPP TS 28.554 clause 6.5 (QosFlow retainability R2: abnormal releases ÷ session time)',
  meaning: 'How often the network ends a session that goes on. Per hour of session, so that long and short sessions count alike.',
  formula:
    'sessions whose release is of class network, congestion or interworking ÷ session hours that state their release. RADIUS terminate causes are mapped as shipped; 3600 times the unit of the standard',
  unit: '1/h',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'data_lost', denominator: 'data_hours' },
  minimum: 20,
  volume: 'session hours that state their release',
  limits: [
    { level: 'good', value: 0.05, source: 'own choice' },
    { level: 'poor', value: 0.5, source: 'own choice' },
  ],
  runbook: [
    'Cut it by node: `npx weir kpis retainability --by node`. One BNG or access node: port errors, power, a line card.',
    'All of one minute: a restart of the NAS; see final_status NAS-Reboot.',
    'Lost-Carrier at many lines of one cable: a cable fault; see the PON and SNR figures.',
  ],
};
