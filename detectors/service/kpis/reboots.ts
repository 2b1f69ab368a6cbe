import type { KpiDefinition, KpiFacts } from './kpi.ts';
import { readings } from './readings.ts';

const rate = (facts: KpiFacts): number => (facts['reboots'] ?? 0) / (facts['device_days'] ?? 0);

/** Restarts of devices by day. */
export const reboots: KpiDefinition = {
  ...readings(['uptime_seconds', 'system_uptime'], 'kpi-devices'),
  name: 'reboots',
  group: 'access',
  title: 'Reboot rate',
  standard: 'own definition; SNMP sysUpTime (RFC 3418) and TR-181 Device.DeviceInfo.UpTime are what it reads',
  meaning: 'How often devices restart, by device and day. Cut it by model and firmware: a firmware is the usual cause.',
  formula: 'falls of the metric `uptime_seconds` (Telegraf: `system_uptime`) ÷ (devices that report it · days of the stretch)',
  unit: '1/d',
  better: 'lower',
  rater: 'tangibles',
  measure: { kind: 'computed', of: rate, denominator: 'uptime_devices' },
  minimum: 20,
  volume: 'devices',
  limits: [
    { level: 'good', value: 0.05, source: 'own choice' },
    { level: 'poor', value: 0.3, source: 'own choice' },
  ],
  runbook: [
    'Cut it: `npx weir kpis reboots --by model,firmware`. One firmware: stop its roll-out and go back.',
    'All models of one area at one minute: a power cut.',
    'A counter of 32 bits in hundredths of a second (sysUpTime) wraps after 497 days and looks like a restart.',
  ],
};
