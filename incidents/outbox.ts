/**
 * What one endpoint still has to get, and when: a lane. Pure decisions on hot state; the loop that sends stands in `app/outbox`.
 *
 * - The transitions of one incident go out in order, one at a time; the next one waits until the one before is delivered or given up.
 * - An incident whose delivery keeps failing never delays another one: first attempts come before retries, and retries never take the
 *   last free place.
 * - An endpoint has a lane of its own, so that a stuck one never delays another.
 * - An endpoint that asks for time (429 or 503 with Retry-After) gets it as a whole.
 */
import type { Answer } from './notify/answer.ts';
import { longestRetryAfterSeconds, retryDelayMs } from './retry.ts';

/** One transition that is to be delivered. */
export interface Pending {
  readonly incident_id: string;
  readonly sequence: number;
  /** When it happened, ms. */
  readonly at: number;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Of these, attempts before it was asked for again by hand: the schedule began anew then. Default 0. */
  readonly before?: number;
  /** Earliest instant of the next attempt, ms; 0 = at once. */
  readonly due: number;
}

interface Queue {
  /** By sequence; only the first one may be sent. */
  waiting: Pending[];
  sending: boolean;
  /** Attempts of sequences that are delivered or given up. A table that is read while it is written may still show an older attempt. */
  settled: Map<number, number>;
  /** When the newest transition that was settled happened, ms. */
  settledAt: number;
}

/** The state of one endpoint. Made by {@link newLane}, changed by the functions of this file only. */
export interface Lane {
  readonly concurrency: number;
  readonly queues: Map<string, Queue>;
  sending: number;
  retrying: number;
  waiting: number;
  pausedUntil: number;
  disabled: boolean;
}

/** What became of an attempt: the row of the table of deliveries. */
export interface Settled {
  readonly attempt: number;
  readonly state: 'delivered' | 'skipped' | 'retry' | 'dead';
  readonly http_status: number;
  readonly error: string;
  /** ms; 0 = never. */
  readonly next_attempt_at: number;
}

/** An empty lane. @param concurrency attempts at the same time, at least 2 */
export function newLane(concurrency = 4): Lane {
  return { concurrency: Math.max(2, concurrency), queues: new Map(), sending: 0, retrying: 0, waiting: 0, pausedUntil: 0, disabled: false };
}

/** Takes a transition in; one that is known or settled already, and not asked for again since, is left out. Returns whether it was taken. */
export function enqueue(lane: Lane, pending: Pending): boolean {
  let queue = lane.queues.get(pending.incident_id);
  if (queue === undefined) {
    queue = { waiting: [], sending: false, settled: new Map(), settledAt: 0 };
    lane.queues.set(pending.incident_id, queue);
  }
  if (pending.attempts <= (queue.settled.get(pending.sequence) ?? -1)) return false;
  if (queue.waiting.some((other) => other.sequence === pending.sequence)) return false;
  queue.waiting.push(pending);
  queue.waiting.sort((a, b) => a.sequence - b.sequence);
  lane.waiting += 1;
  return true;
}

/** What may be sent now, in the order in which it should begin. Marks each as being sent: {@link settle} must follow for each. */
export function takeDue(lane: Lane, now: number): Pending[] {
  if (lane.disabled || now < lane.pausedUntil) return [];
  const taken: Pending[] = [];
  for (const pending of dueHeads(lane, now)) {
    const retry = pending.attempts > 0;
    if (lane.sending >= lane.concurrency) break;
    if (retry && lane.retrying >= lane.concurrency - 1) break;
    lane.queues.get(pending.incident_id)!.sending = true;
    lane.sending += 1;
    if (retry) lane.retrying += 1;
    taken.push(pending);
  }
  return taken;
}

function dueHeads(lane: Lane, now: number): Pending[] {
  const heads: Pending[] = [];
  for (const queue of lane.queues.values()) {
    const head = queue.waiting[0];
    if (head !== undefined && !queue.sending && head.due <= now) heads.push(head);
  }
  // All first attempts stand before all retries: takeDue relies on it.
  return heads.sort((a, b) => Math.min(a.attempts, 1) - Math.min(b.attempts, 1) || a.due - b.due || a.at - b.at);
}

/** What an answer means for a transition, without changing anything yet: it is stored first. @param random 0 to 1 */
export function decide(pending: Pending, answer: Answer, now: number, random: number): Settled {
  const attempt = pending.attempts + 1;
  const base = { attempt, http_status: answer.status, error: '', next_attempt_at: 0 };
  if (answer.outcome === 'delivered') return { ...base, error: answer.note ?? '', state: 'delivered' };
  if (answer.outcome === 'skipped') return { ...base, state: 'skipped' };
  return failed(pending, answer, now, random);
}

function failed(pending: Pending, answer: Extract<Answer, { error: string }>, now: number, random: number): Settled {
  const attempt = pending.attempts + 1;
  const base = { attempt, http_status: answer.status, error: answer.error, next_attempt_at: 0 };
  if (answer.outcome !== 'retry') return { ...base, state: 'dead' };
  const delay = retryDelayMs(attempt - (pending.before ?? 0), answer.retryAfterSeconds, random);
  return delay === undefined ? { ...base, state: 'dead' } : { ...base, state: 'retry', next_attempt_at: now + delay };
}

/** Applies to the lane what was decided, after it was stored. */
export function settle(lane: Lane, pending: Pending, settled: Settled, answer: Answer, now: number): void {
  const queue = lane.queues.get(pending.incident_id)!;
  queue.sending = false;
  lane.sending -= 1;
  if (pending.attempts > 0) lane.retrying -= 1;
  if (settled.state === 'retry') {
    replace(queue, { ...pending, attempts: settled.attempt, due: settled.next_attempt_at });
  } else {
    queue.waiting = queue.waiting.filter((other) => other.sequence !== pending.sequence);
    queue.settled.set(pending.sequence, settled.attempt);
    queue.settledAt = Math.max(queue.settledAt, pending.at);
    lane.waiting -= 1;
  }
  if (answer.outcome === 'gone') lane.disabled = true;
  if (asksForTime(answer)) {
    lane.pausedUntil = Math.max(lane.pausedUntil, now + Math.min(answer.retryAfterSeconds!, longestRetryAfterSeconds) * 1000);
  }
}

function replace(queue: Queue, pending: Pending): void {
  queue.waiting = queue.waiting.map((other) => (other.sequence === pending.sequence ? pending : other));
}

function asksForTime(answer: Answer): answer is Extract<Answer, { outcome: 'retry' }> {
  return answer.outcome === 'retry' && (answer.status === 429 || answer.status === 503) && answer.retryAfterSeconds !== undefined;
}

/** Gives back what was taken but could not be tried: it is due again at `due`, ms, and the attempt does not count. */
export function giveBack(lane: Lane, pending: Pending, due: number): void {
  const queue = lane.queues.get(pending.incident_id)!;
  queue.sending = false;
  replace(queue, { ...pending, due });
  lane.sending -= 1;
  if (pending.attempts > 0) lane.retrying -= 1;
}

/** When {@link takeDue} can give something next, ms; Infinity = not before something new comes in or an attempt ends. */
export function nextDue(lane: Lane): number {
  if (lane.disabled || lane.sending >= lane.concurrency) return Number.POSITIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (const queue of lane.queues.values()) {
    const head = queue.waiting[0];
    if (head === undefined || queue.sending) continue;
    if (head.attempts > 0 && lane.retrying >= lane.concurrency - 1) continue;
    next = Math.min(next, head.due);
  }
  return Math.max(next, lane.pausedUntil);
}

/** Forgets incidents of which nothing waits and whose last transition happened before `before`, ms: nobody will offer it again. */
export function forget(lane: Lane, before: number): void {
  for (const [id, queue] of lane.queues) {
    if (queue.waiting.length === 0 && queue.settledAt < before) lane.queues.delete(id);
  }
}
