import type { KpiDefinition } from './kpi.ts';
import { sessions } from './sessions.ts';

/** Mean upstream throughput of sessions. */
export const throughputUp: KpiDefinition = {
  ...sessions,
  name: 'throughput_up',
  title: 'Mean throughput of sessions, up',
  standard: 'ETSI TS 102 250-2 (mean data rate)',
  meaning: 'Octets from subscribers over the time of their sessions. Judge it against its own past.',
  formula: 'Σ octets up · 8 ÷ Σ session seconds',
  unit: 'Mbit/s',
  better: 'steady',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'data_octets_up', denominator: 'data_seconds', scale: 8e-6 },
  minimum: 3600,
  volume: 'session seconds',
  limits: [],
  runbook: ['As for the throughput down. Up alone: an uplink, a noise ingress of a cable segment, or an attack from customers.'],
};
