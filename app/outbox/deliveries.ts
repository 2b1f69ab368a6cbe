/** What the outbox reads from and writes to the tables of one tenant. */
import { createHash } from 'node:crypto';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import type { Pending, Settled } from '../../incidents/outbox.ts';
import type { Store } from '../../sql/store.ts';
import type { DeliveryTarget } from './target.ts';

/** Transitions that one endpoint has not got yet, oldest first. @param from instant of the oldest transition, ms */
export async function readPending(store: Store, tenant: string, endpoint: DeliveryTarget, from: number, limit: number): Promise<Pending[]> {
  const severity = endpoint.minimumSeverity ?? 5;
  const params = { tenant, endpoint: endpoint.name, severity, from: writeInstant(from), limit };
  const rows = await store.rows<PendingRow>('outbox-pending', params);
  return rows.map((row) => ({
    incident_id: row.incident_id,
    sequence: Number(row.sequence),
    at: Number(row.at_ms),
    attempts: Number(row.attempts),
    before: Number(row.before),
    due: Number(row.due_ms),
  }));
}

/** The incident as it stood at a transition. */
export async function readTransition(store: Store, tenant: string, pending: Pending): Promise<Incident> {
  const { incident_id, sequence } = pending;
  const row = (await store.rows<{ body: string }>('incident-transition', { tenant, incident_id, sequence }))[0];
  if (row === undefined) throw new Error('A transition has vanished from the table of incidents.');
  return JSON.parse(row.body) as Incident;
}

/** Stores what became of an attempt. The same attempt of the same endpoint is stored once, whoever sends it again. */
export async function storeAttempt(
  store: Store,
  attempt: {
    readonly tenant: string;
    readonly endpoint: string;
    readonly pending: Pending;
    readonly settled: Settled;
    readonly endedAt: number;
    readonly durationMs: number;
  },
): Promise<void> {
  const { tenant, endpoint, pending, settled } = attempt;
  const row = {
    tenant,
    incident_id: pending.incident_id,
    sequence: pending.sequence,
    endpoint,
    attempt: settled.attempt,
    at: writeInstant(attempt.endedAt),
    state: settled.state,
    http_status: settled.http_status,
    error: settled.error,
    next_attempt_at: writeInstant(settled.next_attempt_at),
    duration_ms: Math.max(0, Math.round(attempt.durationMs)),
  };
  await store.insert('deliveries', [row], `${tenant}/${endpoint}/${pending.incident_id}/${pending.sequence}/${settled.attempt}`);
}

/** Claims expire after 30 days: what must be remembered for longer is written again in each period of ten. */
const claimPeriodMs = 10 * 86_400_000;

/**
 * Instant from which an endpoint gets transitions, ms: when it was first used, less a back-log. Remembered, so that what happens while
 * Weir does not run is not lost, and so that a new endpoint does not get the history of years. To be called again now and then.
 */
export async function readSince(store: Store, tenant: string, endpoint: string, now: number, backlogMs: number): Promise<number> {
  const claimKey = `outbox-since/${endpoint}`;
  const read = async (): Promise<number> => {
    const row = (await store.rows<{ since_ms: string }>('outbox-since', { tenant, endpoint, claim_key: claimKey }))[0];
    return Number(row?.since_ms ?? 0);
  };
  const first = (await read()) || now;
  const row = { tenant, claim_key: claimKey, owner: endpoint, epoch: first, at: writeInstant(now) };
  await store.insert('claims', [row], `claim/${tenant}/${claimKey}/${Math.floor(now / claimPeriodMs)}`);
  // Another process may have been the first one.
  return ((await read()) || first) - backlogMs;
}

/** What the table says of an endpoint as a whole. */
export interface EndpointState {
  /** It said 410 under its present address, and nobody asked for anything again since: it gets nothing more until the address changes. */
  readonly gone: boolean;
  /** When something was last asked for again by hand, ms; 0 = never. */
  readonly replayedAt: number;
}

/** How an endpoint stands. */
export async function readEndpointState(store: Store, tenant: string, endpoint: DeliveryTarget): Promise<EndpointState> {
  const row = (await store.rows<EndpointRow>('outbox-endpoint', { tenant, endpoint: endpoint.name }))[0];
  const [goneAt, replayedAt] = [Number(row?.gone_ms ?? 0), Number(row?.replayed_ms ?? 0)];
  return { gone: goneAt > replayedAt && (row?.error.endsWith(addressMark(endpoint)) ?? false), replayedAt };
}

interface EndpointRow {
  readonly error: string;
  readonly gone_ms: string;
  readonly replayed_ms: string;
}

/**
 * Names an address without showing it: it may carry a token.
 * @example addressMark({ name: 'a', url: 'https://a.example/' }) // '(address befde498a45b)'
 */
export function addressMark(endpoint: DeliveryTarget): string {
  return `(address ${createHash('sha256').update(endpoint.url).digest('hex').slice(0, 12)})`;
}

interface PendingRow {
  readonly incident_id: string;
  readonly sequence: string | number;
  readonly at_ms: string | number;
  readonly attempts: string | number;
  readonly before: string | number;
  readonly due_ms: string | number;
}
