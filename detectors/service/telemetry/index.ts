/** Detectors of device telemetry: each a query over measurements and a pure function of its rows. Their memory is the data itself. */
import type { Definition } from '../../../core/definition.ts';
import { deviceFlapping } from './device-flapping.ts';
import { firmwareReboots } from './firmware-reboots.ts';
import { interfaceErrors } from './interface-errors.ts';
import { opticalDegradation } from './optical-degradation.ts';
import { ponDegradation } from './pon-degradation.ts';
import { ponOutage } from './pon-outage.ts';
import { silentPopulations } from './silent-devices.ts';

export const telemetryDetectors: readonly Definition[] = [
  ponOutage,
  // These two ask the same, one after the other.
  opticalDegradation,
  ponDegradation,
  deviceFlapping,
  firmwareReboots,
  ...silentPopulations,
  interfaceErrors,
];
