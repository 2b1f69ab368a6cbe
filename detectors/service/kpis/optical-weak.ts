import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Readings beyond the sensitivity of the receiver. */
export const opticalWeak: KpiDefinition = {
  ...readings(['rx_power_dbm']),
  name: 'optical_weak',
  group: 'access',
  title: 'Optical levels beyond the limit',
  standard: 'ITU-T G.984.2 amendment 1 (class B+)',
  meaning: 'Share of the optical levels at or below −27 dBm: lines that work by luck.',
  formula: 'readings of `rx_power_dbm` ≤ −27 dBm ÷ readings',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'rx_weak', denominator: 'rx_readings' },
  minimum: 5,
  volume: 'readings',
  limits: [
    { level: 'good', value: 0.005, source: 'own choice' },
    { level: 'poor', value: 0.02, source: 'own choice' },
  ],
  runbook: ['As for the receive power: list the devices and begin with the PON that has most.'],
};
