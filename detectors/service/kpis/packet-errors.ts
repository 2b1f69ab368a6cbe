import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Packets with errors. */
export const packetErrors: KpiDefinition = {
  ...readings(['packets', 'packet_errors']),
  name: 'packet_errors',
  group: 'access',
  title: 'Packet error ratio',
  standard: 'RFC 2863 (ifInErrors) for what is counted; own limits',
  meaning: 'Share of the packets of interfaces that had errors.',
  formula: 'Σ `packet_errors` ÷ Σ `packets`, counts of a period (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'packet_errors', denominator: 'packets' },
  minimum: 100000,
  volume: 'packets',
  limits: [
    { level: 'good', value: 1e-6, source: 'habit of the field: 10⁻⁶ is watched' },
    { level: 'poor', value: 0.0001, source: 'own choice' },
  ],
  runbook: ['One interface: its optics, cable or duplex setting. Errors that grow with temperature: the optics.'],
};
