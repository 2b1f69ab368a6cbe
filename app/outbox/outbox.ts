/**
 * The outbox: delivers every stored transition to every endpoint, target and topic that wants it, at least once, those of one incident in order. Its memory is the tables
 * `incidents` and `deliveries`, so a process may die at any moment: what was not recorded as delivered is sent again under the same id.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { checkEndpoint, type Endpoint } from '../../incidents/notify/endpoint.ts';
import { type Send, sendWebhook } from '../../incidents/notify/webhook.ts';
import type { Store } from '../../sql/store.ts';
import type { Claim } from '../claim.ts';
import { follow } from './follow.ts';
import { createLease, leaseMs } from './lease.ts';
import type { Delivering, DeliveryTarget } from './target.ts';
import { type DeliveryEvent, type EndpointStatus, startWorker, type Worker } from './worker.ts';

export interface OutboxOptions {
  readonly store: Store;
  /** The time of the world, not of events: receivers check that a signature is fresh. */
  readonly clock: Clock;
  readonly tenant: string;
  readonly endpoints: readonly Endpoint[];
  /** Endpoints that come and go while Weir runs; asked for again and again. */
  readonly registered?: () => Promise<readonly Endpoint[]>;
  /** How often `registered` is asked. Default 10,000. */
  readonly registeredMs?: number;
  /** Other systems and topics that are told too. */
  readonly targets?: readonly Delivering[];
  /** Whether a target gets an incident at all: what routes say. Default: every target gets every one. */
  readonly wants?: (target: string, incident: Incident) => boolean;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Needed where several processes may run. Two processes must never have the same `owner`. */
  readonly claim?: Claim;
  /** Name of this process, the same after a restart: it goes on at once instead of waiting for its own lease to end. */
  readonly owner: string;
  /** How often new transitions are looked for without being woken. Default 1,000. */
  readonly pollMs?: number;
  /** Attempts at the same time for each endpoint. Default 4. */
  readonly concurrency?: number;
  /** How old a transition may be that a new endpoint still gets. Default an hour. */
  readonly backlogMs?: number;
  readonly onDelivery?: (event: DeliveryEvent) => void;
  /** For tests. */
  readonly send?: Send;
  readonly random?: () => number;
}

export interface Outbox {
  /** Something was stored: look at once. */
  wake(): void;
  status(): readonly EndpointStatus[];
  /** Begins nothing new and resolves when what was begun has ended: at most the deadline of an attempt later. */
  stop(): Promise<void>;
}

/**
 * Starts to deliver.
 * @throws WeirError config_invalid when an endpoint could never be delivered to, or two have one name
 */
export function startOutbox(options: OutboxOptions): Outbox {
  const { store, clock, tenant, endpoints, log, claim, owner } = options;
  for (const endpoint of endpoints) checkEndpoint(endpoint, endpoints);
  const send = options.send ?? sendWebhook;
  const ofEndpoint = (endpoint: Endpoint): Delivering => ({
    target: endpoint,
    deliver: (incident, now) => send(endpoint, incident, now),
  });
  const start = ({ target, deliver }: Delivering): Worker =>
    startWorker({
      endpoint: target,
      store,
      clock,
      tenant,
      log,
      deliver,
      wants: (incident) => options.wants?.(target.name, incident) ?? true,
      lease: claim && createLease({ claim, clock, key: `outbox/${target.name}`, owner, epochMs: epochOf(target) }),
      random: options.random ?? Math.random,
      pollMs: options.pollMs ?? 1_000,
      concurrency: options.concurrency ?? 4,
      backlogMs: options.backlogMs ?? 3_600_000,
      onDelivery: options.onDelivery ?? (() => undefined),
    });
  const fixed = [...endpoints.map(ofEndpoint), ...(options.targets ?? [])].map(start);
  const { registered } = options;
  const names = new Set([...endpoints, ...(options.targets ?? []).map(({ target }) => target)].map(({ name }) => name));
  const following =
    registered &&
    follow({
      list: async () => (await registered()).filter(({ name }) => !names.has(name)),
      start: (endpoint) => start(ofEndpoint(endpoint)),
      log,
      everyMs: options.registeredMs ?? 10_000,
    });
  const workers = (): Worker[] => [...fixed, ...(following?.workers() ?? [])];
  return {
    wake: () => {
      for (const worker of workers()) worker.wake();
    },
    status: () => workers().map((worker) => worker.status()),
    stop: async () => {
      await following?.stop();
      await Promise.all(workers().map((worker) => worker.stop()));
    },
  };
}

/** Long enough for an attempt to end within the half that is left when the lease is renewed. */
function epochOf(endpoint: DeliveryTarget): number {
  return Math.max(leaseMs, (endpoint.timeoutSeconds ?? 15) * 2_000);
}
