/** Every record kind that a source may bring. A new one is a description here, a migration in `sql/`, and nothing else. */
import type { Kind } from '../column.ts';
import { lifecycle } from './lifecycle.ts';
import { measurement } from './measurement.ts';
import * as reference from './reference.ts';
import { reject } from './reject.ts';
import { usage } from './usage.ts';

export type { LifecycleRecord } from './lifecycle.ts';
export type { MeasurementRecord } from './measurement.ts';
export type { RejectRecord } from './reject.ts';
export type { UsageRecord } from './usage.ts';
export { lifecycle, measurement, reject, usage };

/** In one order everywhere: the exports of a module have none that can be relied on. */
const referenceKinds = Object.values(reference).sort((a, b) => (a.name < b.name ? -1 : 1));

export const kinds: readonly Kind[] = [usage, measurement, lifecycle, ...referenceKinds];

/** @example kindNamed('usage')?.table // 'usage' */
export function kindNamed(name: string): Kind | undefined {
  return kinds.find((kind) => kind.name === name);
}
