/** What became of deliveries, and asking for what was given up once more. */
import type { Clock } from '../../core/clock.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

/** What became of one transition at one endpoint. */
export interface DeliveryRow {
  readonly endpoint: string;
  readonly incident_id: string;
  readonly sequence: number;
  readonly attempts: number;
  /** delivered, skipped (no route leads there), retry, dead, replay (asked for again). */
  readonly state: string;
  readonly http_status: number;
  readonly error: string;
  /** When the last attempt ended, as ClickHouse writes it, UTC. */
  readonly at: string;
  readonly next_attempt_at: string;
  /** A later transition of the incident has arrived there: this one would tell what is no longer so. */
  readonly overtaken: boolean;
  /** Place in the list. */
  readonly id: string;
}

export interface DeliveryFilter {
  /** Empty = any. */
  readonly endpoints?: readonly string[];
  readonly incidentId?: string;
  readonly states?: readonly string[];
  /** ms. */
  readonly since?: number;
  /** Also those that were overtaken. Default yes. */
  readonly overtaken?: boolean;
  readonly after_at?: string;
  readonly after_id?: string;
  readonly limit: number;
}

interface StoredRow extends Omit<DeliveryRow, 'sequence' | 'attempts' | 'http_status' | 'overtaken'> {
  readonly sequence: string | number;
  readonly attempts: string | number;
  readonly http_status: string | number;
  readonly overtaken: number | boolean;
}

/** Deliveries, the latest first. */
export async function listDeliveries(store: Store, tenant: string, filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const rows = await store.rows<StoredRow>('deliveries-latest', {
    tenant,
    endpoints: filter.endpoints ?? [],
    incident_id: filter.incidentId ?? '',
    states: filter.states ?? [],
    since: writeInstant(filter.since ?? 0),
    after_at: filter.after_at ?? '2299-01-01 00:00:00.000',
    after_id: filter.after_id ?? '',
    overtaken: filter.overtaken === false ? 0 : 1,
    limit: filter.limit,
  });
  return rows.map((row) => ({
    ...row,
    sequence: Number(row.sequence),
    attempts: Number(row.attempts),
    http_status: Number(row.http_status),
    overtaken: Boolean(row.overtaken),
  }));
}

export interface ReplayRequest {
  readonly endpoints?: readonly string[];
  readonly incidentId?: string;
  readonly since?: number;
  /** Also what a later transition has overtaken: a state-based target would then show what is no longer so. */
  readonly overtaken?: boolean;
  /** Who asks. */
  readonly actor: string;
}

/** Most transitions that are asked for at once. */
export const mostReplayed = 10_000;
/** Inserts at the same time: each has a token of its own. */
const insertsAtOnce = 8;

/**
 * Asks for deliveries that were given up once more: each goes out again in the order of its incident, with a schedule of retries that begins anew.
 * An endpoint that said 410 is tried again too.
 * @returns how many were asked for
 */
export async function replayDeliveries(
  { store, clock, tenant }: { readonly store: Store; readonly clock: Clock; readonly tenant: string },
  request: ReplayRequest,
): Promise<{ readonly replayed: number }> {
  const dead = await listDeliveries(store, tenant, {
    ...(request.endpoints === undefined ? {} : { endpoints: request.endpoints }),
    ...(request.incidentId === undefined ? {} : { incidentId: request.incidentId }),
    ...(request.since === undefined ? {} : { since: request.since }),
    states: ['dead'],
    overtaken: request.overtaken ?? false,
    limit: mostReplayed,
  });
  const at = writeInstant(clock.now());
  for (let start = 0; start < dead.length; start += insertsAtOnce)
    await Promise.all(
      dead.slice(start, start + insertsAtOnce).map(({ endpoint, incident_id, sequence, attempts }) =>
        store.insert(
          'deliveries',
          [
            {
              ...{ tenant, incident_id, sequence, endpoint, attempt: attempts + 1, at },
              ...{
                state: 'replay',
                http_status: 0,
                error: `asked for again by ${request.actor.slice(0, 200)}`,
                next_attempt_at: at,
                duration_ms: 0,
              },
            },
          ],
          `${tenant}/${endpoint}/${incident_id}/${sequence}/${attempts + 1}`,
        ),
      ),
    );
  return { replayed: dead.length };
}
