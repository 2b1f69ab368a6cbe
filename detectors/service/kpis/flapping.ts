import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** Devices that go on and off. */
export const flapping: KpiDefinition = {
  ...readings(['online'], 'kpi-devices'),
  name: 'flapping',
  group: 'access',
  title: 'Flapping devices',
  standard: 'own definition',
  meaning:
    'Share of the devices that changed between online and offline at least four times within the stretch. Ask by hour (`--step 3600`): the longer the stretch, the more changes.',
  formula: 'devices with 4 changes or more of the metric `online` over and under a half ÷ devices that report it',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'flapping_devices', denominator: 'watched_devices' },
  minimum: 20,
  volume: 'devices',
  limits: [
    { level: 'good', value: 0.005, source: 'own choice' },
    { level: 'poor', value: 0.03, source: 'own choice' },
  ],
  runbook: ['Cut it by node and by firmware. One port: a bad connector or SFP; one firmware: a restart loop, see `reboots`.'],
};
