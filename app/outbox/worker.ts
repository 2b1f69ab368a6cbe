/** Delivers to one endpoint: reads what it has not got, sends what is due, stores what became of it. */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import type { Answer } from '../../incidents/notify/answer.ts';
import {
  decide,
  enqueue,
  forget,
  giveBack,
  type Lane,
  newLane,
  nextDue,
  type Pending,
  type Settled,
  settle,
  takeDue,
} from '../../incidents/outbox.ts';
import type { Store } from '../../sql/store.ts';
import { newAlarm } from './alarm.ts';
import { addressMark, readEndpointState, readPending, readSince, readTransition, storeAttempt } from './deliveries.ts';
import type { Lease } from './lease.ts';
import type { Deliver, DeliveryTarget } from './target.ts';

/** One attempt, for metrics. */
export interface DeliveryEvent {
  readonly endpoint: string;
  readonly state: Settled['state'];
  readonly http_status: number;
  /** From the transition to the end of this attempt. */
  readonly lagMs: number;
  readonly durationMs: number;
}

export interface EndpointStatus {
  readonly endpoint: string;
  /** Another process delivers to it. */
  readonly elsewhere: boolean;
  /** It answered 410. */
  readonly disabled: boolean;
  readonly waiting: number;
  readonly sending: number;
}

export interface WorkerOptions {
  readonly endpoint: DeliveryTarget;
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly deliver: Deliver;
  /** Whether it is told of an incident at all; what it does not want is settled as skipped. */
  readonly wants?: (incident: Incident) => boolean;
  readonly lease: Lease | undefined;
  readonly random: () => number;
  readonly pollMs: number;
  readonly concurrency: number;
  readonly backlogMs: number;
  readonly onDelivery: (event: DeliveryEvent) => void;
}

export interface Worker {
  wake(): void;
  status(): EndpointStatus;
  /** Begins nothing new and resolves when what was begun is stored. */
  stop(): Promise<void>;
}

const pageRows = 1_000;
/** Transitions held for one endpoint; the rest stays in the table until there is room. */
const longestLane = 10_000;
/** How much older than the newest one a transition may be that comes late. */
const latenessMs = 15_000;
/** How often everything is looked through again, for what a process with a slow clock stored. */
const rescanMs = 600_000;
const pauseAfterErrorMs = 2_000;
/** How often it is looked whether something was asked for again by hand. */
const replayPollMs = 5_000;
/** No route leads an incident to this target. */
const skipped: Answer = { outcome: 'skipped', status: 0 };

/** Starts to deliver. */
export function startWorker(options: WorkerOptions): Worker {
  const { endpoint, store, clock, tenant, log } = options;
  const alarm = newAlarm();
  const inFlight = new Set<Promise<void>>();
  const attemptMs = (endpoint.timeoutSeconds ?? 15) * 1000;
  let lane: Lane | undefined;
  let since = 0;
  let from = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let scannedAt = 0;
  let replayedAt = 0;
  let replayReadAt = Number.NEGATIVE_INFINITY;
  let asked = true;
  let stopped = false;

  async function turn(): Promise<void> {
    const until = options.lease === undefined ? Number.POSITIVE_INFINITY : await options.lease.heldUntil();
    if (until === 0) {
      lane = undefined;
      return;
    }
    lane ??= await openLane();
    if (clock.now() - replayReadAt >= replayPollMs) await lookForReplays(lane);
    if (lane.disabled) return;
    if (asked || clock.now() - readAt >= options.pollMs) await refill(lane);
    // What is begun must end while the lease is held.
    if (until - clock.now() < attemptMs || stopped) return;
    for (const pending of takeDue(lane, clock.now())) track(deliver(lane, pending));
  }

  /** The lane as the tables say: after a start, and after another process had the endpoint. */
  async function openLane(): Promise<Lane> {
    await Promise.allSettled(inFlight);
    const opened = newLane(options.concurrency);
    const state = await readEndpointState(store, tenant, endpoint);
    opened.disabled = state.gone;
    replayedAt = state.replayedAt;
    replayReadAt = clock.now();
    if (opened.disabled) log.error({ endpoint: endpoint.name }, 'endpoint is gone: it gets nothing until its address changes');
    since = await readSince(store, tenant, endpoint.name, clock.now(), options.backlogMs);
    from = since;
    scannedAt = clock.now();
    asked = true;
    return opened;
  }

  /** What was asked for again may be old: everything is looked through. An endpoint that was gone is tried again. */
  async function lookForReplays(into: Lane): Promise<void> {
    replayReadAt = clock.now();
    const state = await readEndpointState(store, tenant, endpoint);
    if (state.replayedAt <= replayedAt) return;
    replayedAt = state.replayedAt;
    into.disabled = state.gone;
    from = since;
    asked = true;
  }

  async function refill(into: Lane): Promise<void> {
    if (into.waiting >= longestLane) return;
    asked = false;
    readAt = clock.now();
    if (readAt - scannedAt >= rescanMs) {
      since = await readSince(store, tenant, endpoint.name, readAt, options.backlogMs);
      from = since;
      scannedAt = readAt;
    }
    const limit = pageRows + into.waiting;
    const rows = await readPending(store, tenant, endpoint, from, limit);
    for (const pending of rows) enqueue(into, pending);
    const newest = rows.at(-1)?.at;
    if (rows.length === limit) {
      from = newest!;
      asked = true;
      alarm.ring();
    } else if (newest !== undefined) from = Math.max(from, newest - latenessMs);
    forget(into, from - latenessMs);
  }

  async function deliver(of: Lane, pending: Pending): Promise<void> {
    let incident: Incident;
    try {
      incident = await readTransition(store, tenant, pending);
    } catch (error) {
      log.warn({ error, endpoint: endpoint.name, incident_id: pending.incident_id }, 'transition could not be read');
      giveBack(of, pending, clock.now() + pauseAfterErrorMs);
      return;
    }
    const begunAt = clock.now();
    const answer = (options.wants?.(incident) ?? true) ? await trySend(incident, begunAt) : skipped;
    const endedAt = clock.now();
    const settled = decide(pending, answer, endedAt, options.random());
    if (!(await stored(pending, settled, endedAt, endedAt - begunAt))) return;
    settle(of, pending, settled, answer, endedAt);
    report(pending, settled, answer, endedAt, endedAt - begunAt);
  }

  async function trySend(incident: Incident, now: number): Promise<Answer> {
    try {
      const answer = await options.deliver(incident, now);
      return answer.outcome === 'gone' ? { ...answer, error: `${answer.error} ${addressMark(endpoint)}` } : answer;
    } catch (error) {
      // A transition that cannot even be written out must not stop the others.
      return { outcome: 'refused', status: 0, error: `could not be made: ${error instanceof Error ? error.name : 'unknown'}` };
    }
  }

  /** Stores an attempt, trying until it works: only then the next transition of the incident may go. False = stopped before. */
  async function stored(pending: Pending, settled: Settled, endedAt: number, durationMs: number): Promise<boolean> {
    for (;;) {
      try {
        await storeAttempt(store, { tenant, endpoint: endpoint.name, pending, settled, endedAt, durationMs });
        return true;
      } catch (error) {
        log.warn({ error, endpoint: endpoint.name, incident_id: pending.incident_id }, 'delivery could not be stored');
        if (stopped) return false;
        await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
      }
    }
  }

  function report(pending: Pending, settled: Settled, answer: Answer, endedAt: number, durationMs: number): void {
    const { incident_id, sequence } = pending;
    const { state, http_status, error, attempt } = settled;
    const fields = { endpoint: endpoint.name, incident_id, sequence, attempt, http_status, error };
    if (state === 'skipped') return;
    if (state === 'delivered') log.info(fields, 'incident delivered');
    else if (state === 'retry')
      log.warn({ ...fields, next_attempt_at: new Date(settled.next_attempt_at).toISOString() }, 'delivery failed');
    else log.error(fields, 'delivery given up');
    if (answer.outcome === 'gone') log.error({ endpoint: endpoint.name }, 'endpoint is gone: it gets nothing until its address changes');
    options.onDelivery({ endpoint: endpoint.name, state, http_status, lagMs: Math.max(0, endedAt - pending.at), durationMs });
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      inFlight.delete(tracked);
      alarm.ring();
    });
    inFlight.add(tracked);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      let pauseMs = options.pollMs;
      try {
        await turn();
        if (lane !== undefined) pauseMs = Math.min(pauseMs, nextDue(lane) - clock.now());
      } catch (error) {
        log.warn({ error, endpoint: endpoint.name }, 'outbox could not be read');
        pauseMs = pauseAfterErrorMs;
      }
      // Work that is due but may not begin now (a lease that ends soon) must not make the loop spin.
      if (!stopped) await alarm.sleep(Math.max(pauseMs, 20));
    }
    await Promise.allSettled(inFlight);
  }

  const running = run();
  return {
    wake: () => {
      asked = true;
      alarm.ring();
    },
    status: () => ({
      endpoint: endpoint.name,
      elsewhere: lane === undefined,
      disabled: lane?.disabled ?? false,
      waiting: lane?.waiting ?? 0,
      sending: inFlight.size,
    }),
    stop: () => {
      stopped = true;
      alarm.ring();
      return running;
    },
  };
}
