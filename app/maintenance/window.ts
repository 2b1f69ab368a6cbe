/** A maintenance window or a silence: what it holds, and how it stands in the table. Pure. */
import { readInstant } from '../../core/row.ts';

/** Labels that a finding must have, all of them. */
export type Matchers = Readonly<Record<string, string>>;

export interface MaintenanceWindow {
  readonly maintenance_id: string;
  readonly kind: 'window' | 'silence' | (string & {});
  readonly matchers: Matchers;
  /** ms since 1970 UTC. */
  readonly starts_at: number;
  /** First instant after it. */
  readonly ends_at: number;
  readonly reason: string;
  readonly actor: string;
  readonly state: 'active' | 'cancelled' | (string & {});
  readonly version: number;
  /** When it was entered or last changed. */
  readonly at: number;
}

/** A row of the queries on maintenance, as ClickHouse sends it. */
export interface MaintenanceRow {
  readonly maintenance_id: string;
  readonly kind: string;
  readonly matchers: Matchers;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly reason: string;
  readonly actor: string;
  readonly state: string;
  readonly version: string;
  readonly at: string;
}

export function windowOf(row: MaintenanceRow): MaintenanceWindow {
  return {
    maintenance_id: row.maintenance_id,
    kind: row.kind,
    matchers: row.matchers,
    starts_at: readInstant(row.starts_at),
    ends_at: readInstant(row.ends_at),
    reason: row.reason,
    actor: row.actor,
    state: row.state,
    version: Number(row.version),
    at: readInstant(row.at),
  };
}

/**
 * Whether labels have every label of the matchers with the same value. Matchers without labels match nothing: no slip of the pen holds
 * everything.
 * @example matches({ leg: 'switch' }, { leg: 'switch', service: 'voice' }) // true
 */
export function matches(matchers: Matchers, labels: Readonly<Record<string, string>>): boolean {
  let any = false;
  for (const name in matchers) {
    if (!Object.hasOwn(labels, name) || labels[name] !== matchers[name]) return false;
    any = true;
  }
  return any;
}

/** When it really ends: a cancelled one when it was cancelled, so that what it had held until then stays held. */
export function endOf({ ends_at, state, at }: MaintenanceWindow): number {
  return state === 'cancelled' ? Math.min(ends_at, at) : ends_at;
}

/**
 * Whether it is on at any time of [from, to); an empty window stands for its first instant.
 * @example overlaps({ starts_at: 10, ends_at: 20, state: 'active', at: 0 }, 20, 30) // false
 */
export function overlaps(window: MaintenanceWindow, from: number, to: number): boolean {
  const end = endOf(window);
  return window.starts_at < end && window.starts_at < Math.max(to, from + 1) && end > from;
}

/**
 * How it stands at an instant.
 * @example phaseOf(window, window.starts_at) // 'active'
 */
export function phaseOf({ state, starts_at, ends_at }: MaintenanceWindow, instant: number): 'planned' | 'active' | 'ended' | 'cancelled' {
  if (state === 'cancelled') return 'cancelled';
  if (starts_at > instant) return 'planned';
  return ends_at > instant ? 'active' : 'ended';
}
