import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Weak signal-to-noise ratio. */
export const snr: KpiDefinition = {
  ...readings(['snr_db']),
  name: 'snr',
  group: 'access',
  title: 'Signal-to-noise ratio, lowest 5 %',
  standard: 'CableLabs DOCSIS 3.1 PHY; ITU-T G.993.2 for the margin of DSL',
  meaning:
    'What 95 % of the signal-to-noise ratios exceed: the weak end. DOCSIS needs about 33 dB for 256-QAM; of a DSL margin below 6 dB is risky.',
  formula: '5 % quantile over devices and minutes of the metric `snr_db`',
  unit: 'dB',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'stated', column: 'snr_p05', denominator: 'snr_readings' },
  minimum: 20,
  volume: 'readings',
  limits: [
    { level: 'good', value: 35, source: 'habit of the field: 2 dB above what 256-QAM needs' },
    { level: 'poor', value: 33, source: 'habit of the field: DOCSIS 256-QAM needs 33 dB' },
  ],
  runbook: [
    'Cut it by node: one segment with many weak modems has ingress or a bad amplifier.',
    'One modem: its drop cable and connectors.',
  ],
};
