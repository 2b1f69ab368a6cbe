import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Devices that are online. */
export const cpeOnline: KpiDefinition = {
  ...readings(['online']),
  name: 'cpe_online',
  group: 'access',
  title: 'CPE and ONT online ratio',
  standard: 'TM Forum GB935 A-CE-5 (availability to customers)',
  meaning: 'Share of the readings that say online, of the devices that report it: a ratio that suits an error budget.',
  formula: 'Σ of the metric `online` (1 or 0) ÷ readings',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'online_sum', denominator: 'online_readings' },
  minimum: 20,
  volume: 'readings',
  limits: [
    { level: 'good', value: 0.97, source: 'own choice' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    'Cut it by node, then by model and firmware: `npx weir kpis cpe_online --by model,firmware`.',
    'A device that is silent says nothing here: the detector `device_readings` watches silence.',
  ],
};
