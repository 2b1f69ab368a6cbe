/** Entering, listing and cancelling maintenance windows and silences. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { WeirError } from '../../core/errors.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';
import { type MaintenanceRow, type MaintenanceWindow, type Matchers, phaseOf, windowOf } from './window.ts';

/** What a person enters. */
export interface MaintenanceEntry {
  readonly kind: 'window' | 'silence';
  readonly matchers: Matchers;
  /** ms since 1970 UTC; default: now. */
  readonly startsAt?: number;
  readonly endsAt: number;
  readonly reason: string;
}

export interface MaintenancePage {
  /** planned, active, ended, cancelled; empty = all. */
  readonly state: string;
  readonly after_at: string;
  readonly after_id: string;
  readonly limit: number;
}

export type CancelResult =
  | { readonly outcome: 'changed' | 'unchanged'; readonly window: MaintenanceWindow }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'not_found' };

export interface MaintenanceBook {
  /** @throws WeirError usage for an entry without labels or end */
  add(entry: MaintenanceEntry, actor: string): Promise<MaintenanceWindow>;
  /** Ends it now, or keeps it from beginning. */
  cancel(id: string, actor: string): Promise<CancelResult>;
  /** Rows as ClickHouse sends them, the latest to begin first. */
  page(page: MaintenancePage): Promise<readonly (MaintenanceRow & { readonly phase: string })[]>;
  /** Windows whose id begins so; two at most. */
  find(prefix: string): Promise<readonly MaintenanceWindow[]>;
}

/** Longest window: nothing is silenced for ever. */
const longestMs = 366 * 86_400_000;
const mostMatchers = 20;

export function createMaintenanceBook(options: {
  readonly store: Pick<Store, 'rows' | 'insert'>;
  readonly clock: Clock;
  readonly tenant: string;
}): MaintenanceBook {
  const { store, clock, tenant } = options;
  const find = async (prefix: string): Promise<readonly MaintenanceWindow[]> =>
    (await store.rows<MaintenanceRow>('maintenance-by-prefix', { tenant, prefix })).map(windowOf);
  const write = (window: MaintenanceWindow): Promise<void> =>
    store.insert('maintenance', [rowOf(tenant, window)], `maintenance/${tenant}/${window.maintenance_id}/${window.version}`);
  return {
    find,
    async add(entry, actor) {
      const now = clock.now();
      const window = windowFrom(entry, actor, now);
      await write(window);
      return window;
    },
    async cancel(id, actor) {
      const window = (await find(id)).find(({ maintenance_id }) => maintenance_id === id);
      if (!window) return { outcome: 'not_found' };
      const now = clock.now();
      const phase = phaseOf(window, now);
      if (phase === 'cancelled') return { outcome: 'unchanged', window };
      if (phase === 'ended') return { outcome: 'refused', reason: 'It has ended already.' };
      // Two who cancel at once write the same version under one token: the first one stands.
      const cancelled = { ...window, state: 'cancelled', actor, version: window.version + 1, at: now };
      await write(cancelled);
      return { outcome: 'changed', window: cancelled };
    },
    page: (page) => store.rows('maintenance-page', { tenant, instant: writeInstant(clock.now()), ...page }),
  };
}

function windowFrom({ kind, matchers, startsAt, endsAt, reason }: MaintenanceEntry, actor: string, now: number): MaintenanceWindow {
  const starts = startsAt ?? now;
  const labels = Object.keys(matchers).length;
  const refuse = (message: string, hint: string): never => {
    throw new WeirError('usage', message, { hint });
  };
  if (labels === 0 || labels > mostMatchers)
    refuse('It needs to say what it touches.', `One to ${mostMatchers} labels, e.g. source=msc-1.`);
  if (!(starts >= 0) || !(endsAt > starts)) refuse('It needs an end after its start.', 'Times are ISO 8601.');
  if (endsAt - starts > longestMs) refuse('It is longer than a year.', 'Enter it again when the year is over, or change the control.');
  if (reason.trim() === '') refuse('It needs a reason.', 'Who looks at it later wants to know why.');
  return {
    maintenance_id: `mnt_${randomBytes(8).toString('hex')}`,
    kind,
    matchers,
    starts_at: starts,
    ends_at: endsAt,
    reason,
    actor,
    state: 'active',
    version: 1,
    at: now,
  };
}

function rowOf(tenant: string, window: MaintenanceWindow): object {
  return {
    ...window,
    tenant,
    starts_at: writeInstant(window.starts_at),
    ends_at: writeInstant(window.ends_at),
    at: writeInstant(window.at),
  };
}
