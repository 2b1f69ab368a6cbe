import type { KpiDefinition } from './kpi.ts';
import { voiceCalls } from './voice.ts';

/** Calls that the network ended, of those that were established. */
export const dropRate: KpiDefinition = {
  ...voiceCalls,
  name: 'drop_rate',
  title: 'Call drop rate',
  standard: '3GPP TS 32.410 (call drop rate)',
  alias: 'ETSI TS 102 250-2: Telephony Cut-off Call Ratio',
  meaning:
    'Share of the established calls that ended by the network and not by a party. A mean over a whole network hides bad cells: cut it by cell.',
  formula: 'answered calls with cause class network, congestion or interworking ÷ answered calls that state a cause',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'voice_dropped', denominator: 'voice_ended' },
  minimum: 50,
  volume: 'answered calls that state their cause',
  limits: [
    { level: 'good', value: 0.01, source: 'own choice' },
    { level: 'poor', value: 0.02, source: 'India, drive tests of 2025: at most 2 %' },
  ],
  runbook: [
    'Find the cells: `npx weir kpis drop_rate --by cell`. Neighbours that drop together: transmission or a controller; one alone: radio, interference, a handover neighbour that is missing.',
    'By partner and route for calls over interconnect: a session timer or a media gateway on one side.',
    'Look for a common length of the dropped calls: a timer cuts at the same second.',
  ],
};
