/** Transitions of all processes as they are stored, for server-sent events: read from the table, so that it does not matter who made them. */
import type { Logger } from 'pino';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { transitionId } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';

export interface IncidentFeed {
  /** Calls `listener` with each transition from now on, those of one incident in order. Answers how to stop it. */
  subscribe(listener: (incident: Incident) => void): () => void;
  /** Looks at once instead of at the next interval. */
  poll(): Promise<void>;
  stop(): void;
}

export interface FeedOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly log: Pick<Logger, 'warn'>;
  /** Transitions that are stored already when the feed starts count from this instant on, ms. */
  readonly from: number;
  /** Default 1,000. */
  readonly intervalMs?: number;
}

/** How much older than the newest one a transition may be that comes late: clocks differ and inserts take time. */
const latenessMs = 15_000;
const pageRows = 1_000;

/** Follows the table of incidents with one small query per interval. */
export function createIncidentFeed(options: FeedOptions): IncidentFeed {
  const { store, tenant, log } = options;
  const listeners = new Set<(incident: Incident) => void>();
  const seen = new Map<string, number>();
  let newest = options.from;
  let first = true;
  let polling: Promise<void> | undefined;

  async function read(): Promise<void> {
    const from = writeInstant(newest - latenessMs);
    const rows = await store.rows<{ body: string }>('incident-feed', { tenant, from, limit: pageRows + seen.size });
    for (const row of rows) {
      const incident = JSON.parse(row.body) as Incident;
      const at = Date.parse(incident.updated_at);
      newest = Math.max(newest, at);
      if (seen.has(transitionId(incident))) continue;
      seen.set(transitionId(incident), at);
      if (first && at < options.from) continue;
      for (const listener of listeners) listener(incident);
    }
    first = false;
    for (const [id, at] of seen) if (at < newest - latenessMs) seen.delete(id);
  }

  function poll(): Promise<void> {
    polling ??= read().finally(() => {
      polling = undefined;
    });
    return polling;
  }

  const timer = setInterval(() => {
    poll().catch((error: unknown) => log.warn({ error }, 'incidents could not be read'));
  }, options.intervalMs ?? 1_000);
  timer.unref();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poll,
    stop: () => clearInterval(timer),
  };
}
