import type { KpiDefinition } from './kpi.ts';
import { sessions } from './sessions.ts';

/** Mean downstream throughput of sessions. */
export const throughputDown: KpiDefinition = {
  ...sessions,
  name: 'throughput_down',
  title: 'Mean throughput of sessions, down',
  standard: 'ETSI TS 102 250-2 (mean data rate)',
  meaning:
    'Octets to subscribers over the time of their sessions: how much is used, not how fast the line could be. Judge it against its own past.',
  formula: 'Σ octets down · 8 ÷ Σ session seconds',
  unit: 'Mbit/s',
  better: 'steady',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'data_octets_down', denominator: 'data_seconds', scale: 8e-6 },
  minimum: 3600,
  volume: 'session seconds',
  limits: [],
  runbook: [
    'Fallen for one cell, node or data network: congestion or a fault behind it; see latency and loss there.',
    'Fallen for one plan: throttling or a policy; ask what was changed in the PCRF.',
    'The detector `data_volume` watches volume against its own past.',
  ],
};
