import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from './notify/answer.ts';
import { decide, enqueue, forget, giveBack, type Lane, newLane, nextDue, type Pending, settle, takeDue } from './outbox.ts';

const delivered: Answer = { outcome: 'delivered', status: 204 };
const failed: Answer = { outcome: 'retry', status: 500, error: 'answered 500' };
const pendingOf = (incident: string, sequence: number, at = 0): Pending => ({ incident_id: incident, sequence, at, attempts: 0, due: 0 });
const names = (pending: readonly Pending[]) => pending.map((one) => `${one.incident_id}${one.sequence}`);

function answered(lane: Lane, pending: Pending, answer: Answer, now: number) {
  const settled = decide(pending, answer, now, 0);
  settle(lane, pending, settled, answer, now);
  return settled;
}

describe('a lane', () => {
  it('sends one transition of an incident at a time, in order', () => {
    const lane = newLane();
    for (const sequence of [2, 1, 3]) enqueue(lane, pendingOf('a', sequence));
    const [first] = takeDue(lane, 0);
    expect(first?.sequence).toBe(1);
    expect(takeDue(lane, 0)).toEqual([]);
    answered(lane, first!, failed, 0);
    expect(takeDue(lane, 4_999)).toEqual([]);
    expect(nextDue(lane)).toBe(5_000);
    answered(lane, takeDue(lane, 5_000)[0]!, delivered, 5_000);
    expect(names(takeDue(lane, 5_000))).toEqual(['a2']);
  });

  it('goes on with the next transition when one is given up', () => {
    const lane = newLane();
    enqueue(lane, pendingOf('a', 1));
    enqueue(lane, pendingOf('a', 2));
    expect(answered(lane, takeDue(lane, 0)[0]!, { outcome: 'refused', status: 400, error: 'answered 400' }, 0).state).toBe('dead');
    expect(names(takeDue(lane, 0))).toEqual(['a2']);
  });

  it('gives up after the tenth attempt', () => {
    const pending = { ...pendingOf('a', 1), attempts: 9 };
    expect(decide(pending, failed, 0, 0)).toMatchObject({ attempt: 10, state: 'dead', http_status: 500, next_attempt_at: 0 });
  });

  it('keeps a place free for what is new, however many retry', () => {
    const lane = newLane(4);
    for (let index = 0; index < 20; index += 1) enqueue(lane, { ...pendingOf(`old${index}`, 1), attempts: 3 });
    expect(takeDue(lane, 0)).toHaveLength(3);
    enqueue(lane, pendingOf('new', 1));
    expect(names(takeDue(lane, 0))).toEqual(['new1']);
  });

  it('waits as a whole when the endpoint asks for time', () => {
    const lane = newLane();
    enqueue(lane, pendingOf('a', 1));
    enqueue(lane, pendingOf('b', 1));
    const [first, second] = takeDue(lane, 0);
    answered(lane, first!, { outcome: 'retry', status: 429, error: '', retryAfterSeconds: 100 }, 0);
    answered(lane, second!, delivered, 0);
    enqueue(lane, pendingOf('c', 1));
    expect(takeDue(lane, 99_999)).toEqual([]);
    expect(nextDue(lane)).toBe(100_000);
    expect(names(takeDue(lane, 100_000))).toEqual(['c1', 'a1']);
  });

  it('sends nothing more after 410', () => {
    const lane = newLane();
    enqueue(lane, pendingOf('a', 1));
    enqueue(lane, pendingOf('b', 1));
    expect(answered(lane, takeDue(lane, 0)[0]!, { outcome: 'gone', status: 410, error: '' }, 0).state).toBe('dead');
    expect(takeDue(lane, 1e12)).toEqual([]);
    expect(nextDue(lane)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not count an attempt that was given back', () => {
    const lane = newLane();
    enqueue(lane, pendingOf('a', 1));
    giveBack(lane, takeDue(lane, 0)[0]!, 2_000);
    expect(takeDue(lane, 1_999)).toEqual([]);
    expect(takeDue(lane, 2_000)[0]).toMatchObject({ attempts: 0 });
  });

  it('takes nothing twice, and forgets what is over', () => {
    const lane = newLane();
    expect(enqueue(lane, pendingOf('a', 1, 50))).toBe(true);
    expect(enqueue(lane, pendingOf('a', 1, 50))).toBe(false);
    answered(lane, takeDue(lane, 50)[0]!, delivered, 50);
    expect(enqueue(lane, pendingOf('a', 1, 50))).toBe(false);
    forget(lane, 50);
    expect(lane.queues.size).toBe(1);
    forget(lane, 51);
    expect(lane.queues.size).toBe(0);
  });
});

describe('a lane, whatever answers come', () => {
  const someAnswer = fc.constantFrom<Answer>(
    delivered,
    failed,
    { outcome: 'retry', status: 0, error: 'ECONNREFUSED' },
    { outcome: 'retry', status: 429, error: '', retryAfterSeconds: 3 },
    { outcome: 'refused', status: 400, error: '' },
  );
  const step = fc.oneof(
    fc.record({ add: fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 1, max: 5 })) }),
    fc.record({ end: fc.nat(3), answer: someAnswer }),
    fc.record({ waitMs: fc.constantFrom(1, 5_000, 400_000, 40_000_000) }),
  );

  it('keeps the order of each incident and its bounds, and settles everything in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 2, max: 4 }), (steps, concurrency) => {
        const lane = newLane(concurrency);
        const sending: Pending[] = [];
        const offered = new Set<string>();
        let now = 0;
        const take = (): void => {
          for (const pending of takeDue(lane, now)) {
            expect(sending.some((other) => other.incident_id === pending.incident_id)).toBe(false);
            expect(pending.due).toBeLessThanOrEqual(now);
            const known = [...offered].filter((name) => name.startsWith(`${pending.incident_id}/`)).map((name) => Number(name.slice(2)));
            expect(pending.sequence).toBe(Math.min(...known));
            sending.push(pending);
          }
          expect(sending.length).toBeLessThanOrEqual(concurrency);
          expect(sending.filter((pending) => pending.attempts > 0).length).toBeLessThan(concurrency);
        };
        const end = (index: number, answer: Answer): void => {
          const [pending] = sending.splice(index, 1);
          if (pending === undefined) return;
          const settled = decide(pending, answer, now, 0.5);
          settle(lane, pending, settled, answer, now);
          if (settled.state === 'retry') return;
          expect(offered.has(`${pending.incident_id}/${pending.sequence}`)).toBe(true);
          offered.delete(`${pending.incident_id}/${pending.sequence}`);
        };
        for (const one of steps) {
          if ('add' in one) {
            if (enqueue(lane, pendingOf(one.add[0], one.add[1], now))) offered.add(`${one.add[0]}/${one.add[1]}`);
          } else if ('end' in one) end(one.end, one.answer);
          else now += one.waitMs;
          take();
        }
        // A receiver that takes everything from now on gets everything.
        for (let rounds = 0; lane.waiting > 0; rounds += 1) {
          expect(rounds).toBeLessThan(1_000);
          while (sending.length > 0) end(0, delivered);
          const next = nextDue(lane);
          if (Number.isFinite(next)) now = Math.max(now, next);
          take();
        }
        expect(offered.size).toBe(0);
        expect([lane.sending, lane.retrying, lane.waiting]).toEqual([0, 0, 0]);
      }),
      { numRuns: 150 },
    );
  });
});
