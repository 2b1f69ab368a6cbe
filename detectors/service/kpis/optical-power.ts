import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Weak optical power. */
export const opticalPower: KpiDefinition = {
  ...readings(['rx_power_dbm']),
  name: 'optical_power',
  group: 'access',
  title: 'Optical receive power, lowest 5 %',
  standard: 'ITU-T G.984.2 amendment 1 (ONT −27 to −8 dBm, class B+)',
  meaning: 'What 95 % of the optical receive levels exceed: the weak end.',
  formula: '5 % quantile over devices and minutes of the metric `rx_power_dbm`',
  unit: 'dBm',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'stated', column: 'rx_p05', denominator: 'rx_readings' },
  minimum: 5,
  volume: 'readings',
  limits: [
    { level: 'good', value: -25, source: 'own choice: warn from −25 dBm' },
    { level: 'poor', value: -27, source: 'ITU-T G.984.2 amendment 1: sensitivity of a class B+ ONT −27 dBm' },
  ],
  runbook: [
    'List the weak ones: `npx weir kpis optical_power --by device --limit 50`.',
    'All of one PON weaker than last month: the feeder or splitter; one: its drop, connector or bend.',
    'Clean connectors before anything is replaced.',
  ],
};
