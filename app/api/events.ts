/** Server-sent events of incidents: bounded clients with bounded buffers, resumed by Last-Event-ID. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import { transitionId } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import { createIncidentFeed, type FeedOptions, type IncidentFeed } from '../incidents/feed.ts';
import { summaryOfIncident } from './routes/incidents.ts';

export interface EventStreams {
  readonly clients: number;
  /** True when another client would be one too many. */
  readonly full: boolean;
  /**
   * Sends transitions to the client until it goes away. The response has its head already.
   * @param lastEventId of the client: what was stored since comes first
   * @param allowed asked at each heartbeat: false ends the stream
   */
  add(response: ServerResponse, lastEventId: string | undefined, allowed: () => boolean): Promise<void>;
  stop(): void;
}

export interface EventOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly log: FeedOptions['log'];
  readonly onClients: (count: number) => void;
  /** Default 100. */
  readonly maxClients?: number;
  /** Default 15,000. */
  readonly heartbeatMs?: number;
}

/** Bytes that may wait for a slow client; then it is cut off and resumes. */
const largestBuffer = 1_048_576;
/** Transitions sent on a resume; who missed more is told to load everything again. */
const mostMissed = 1000;
/** A transition may be stored so much later than its time says, in ms: what came twice is known by its id. */
const latenessMs = 15_000;

/**
 * The id of an event: its instant and its transition.
 * @example eventIdOf({ incident_id: 'inc_a', sequence: 2, updated_at: '1970-01-01T00:00:01.000Z' }) // '1000-inc_a_2'
 */
export function eventIdOf(incident: Pick<Incident, 'incident_id' | 'sequence' | 'updated_at'>): string {
  return `${Date.parse(incident.updated_at)}-${transitionId(incident)}`;
}

function eventOf(incident: Incident): string {
  return `id: ${eventIdOf(incident)}\nevent: incident\ndata: ${JSON.stringify(summaryOfIncident(incident))}\n\n`;
}

/** The table is looked at so often, in ms: what is stored is on the pages within a second. */
const lookMs = 400;

/** Streams for all clients over one look at the table at a time, and none while nobody listens. */
export function createEventStreams(options: EventOptions): EventStreams {
  const { store, clock, tenant, log, maxClients = 100, heartbeatMs = 15_000 } = options;
  const clients = new Map<ServerResponse, () => void>();
  let feed: IncidentFeed | undefined;

  function subscribe(listener: (incident: Incident) => void): () => void {
    feed ??= createIncidentFeed({ store, tenant, log, from: clock.now(), intervalMs: lookMs });
    const end = feed.subscribe(listener);
    return () => {
      end();
      if (clients.size > 0) return;
      feed?.stop();
      feed = undefined;
    };
  }

  async function missed(lastEventId: string | undefined): Promise<readonly Incident[] | 'too-many'> {
    const instant = Number(/^(\d{1,13})-/.exec(lastEventId ?? '')?.[1]);
    if (!Number.isFinite(instant)) return [];
    const from = writeInstant(Math.max(0, instant - latenessMs));
    if (Number.isNaN(readInstant(from))) return [];
    const rows = await store.rows<{ body: string }>('incident-feed', { tenant, from, limit: mostMissed + 1 }, { timeoutMs: 5000 });
    if (rows.length > mostMissed) return 'too-many';
    return rows.map(({ body }) => JSON.parse(body) as Incident).filter((incident) => eventIdOf(incident) !== lastEventId);
  }

  async function add(response: ServerResponse, lastEventId: string | undefined, allowed: () => boolean): Promise<void> {
    let waiting: Incident[] | undefined = [];
    const send = (text: string): void => {
      if (response.writableLength > largestBuffer) response.destroy();
      else if (!response.destroyed) response.write(text);
    };
    const end = (): void => {
      clearInterval(heartbeat);
      if (!clients.delete(response)) return;
      unsubscribe();
      options.onClients(clients.size);
    };
    const heartbeat = setInterval(() => {
      if (allowed()) send(': still here\n\n');
      else response.end();
    }, heartbeatMs);
    clients.set(response, end);
    const unsubscribe = subscribe((incident) => {
      if (waiting) waiting.push(incident);
      else send(eventOf(incident));
    });
    options.onClients(clients.size);
    response.on('close', end);
    send('retry: 3000\n: welcome\n\n');
    try {
      const before = await missed(lastEventId);
      if (before === 'too-many') send('event: reload\ndata: {}\n\n');
      else for (const incident of before) send(eventOf(incident));
      const known = new Set(before === 'too-many' ? [] : before.map(eventIdOf));
      for (const incident of waiting) if (!known.has(eventIdOf(incident))) send(eventOf(incident));
      waiting = undefined;
    } catch (error) {
      // The client comes again with the same Last-Event-ID.
      log.warn({ error: (error as Error).message }, 'missed incidents could not be read');
      response.end();
    }
  }

  return {
    get clients() {
      return clients.size;
    },
    get full() {
      return clients.size >= maxClients;
    },
    add,
    stop: () => {
      for (const [response, end] of [...clients]) {
        end();
        response.end();
      }
    },
  };
}
