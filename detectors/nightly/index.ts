/** Detectors that look once a day at eight weeks of days: what changes too slowly, or too lastingly, for a comparison with last week. */
import type { Definition } from '../../core/definition.ts';
import { measurementDrift } from './measurement-drift.ts';
import { usageDrift } from './usage-drift.ts';
import { usageLevelShift } from './usage-level-shift.ts';

export const nightlyDetectors: readonly Definition[] = [usageDrift, usageLevelShift, measurementDrift];
