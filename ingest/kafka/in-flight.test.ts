import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInFlight, type Ticket } from './in-flight.ts';

describe('what may be committed', () => {
  it('is what is stored without a hole, whatever the order of the answers', () => {
    const ledger = createInFlight();
    ledger.assign('calls/0', 10);
    const first = ledger.begin('calls/0', 10, 19) as Ticket;
    const second = ledger.begin('calls/0', 20, 29) as Ticket;
    expect(ledger.complete(second)).toBeUndefined();
    expect(ledger.complete(first)).toBe(30);
  });

  it('is nothing behind a range that failed, until the partition is assigned again', () => {
    const ledger = createInFlight();
    ledger.assign('calls/0', 0);
    const [a, b, c] = [0, 10, 20].map((first) => ledger.begin('calls/0', first, first + 9) as Ticket) as [Ticket, Ticket, Ticket];
    ledger.fail(b);
    expect(ledger.complete(c)).toBeUndefined();
    expect(ledger.complete(a)).toBe(10);
    expect(ledger.begin('calls/0', 30, 39)).toBeUndefined();
    ledger.assign('calls/0', 10);
    expect(ledger.complete(b)).toBeUndefined();
    expect(ledger.complete(ledger.begin('calls/0', 10, 19) as Ticket)).toBe(20);
  });

  it('takes no range that repeats offsets, and none that is no range', () => {
    const ledger = createInFlight();
    expect(ledger.begin('calls/0', 0, 9)).toBeUndefined();
    ledger.assign('calls/0', 5);
    for (const [first, last] of [
      [4, 9],
      [9, 8],
      [Number.NaN, 9],
      [5, Number.POSITIVE_INFINITY],
    ] as const)
      expect(ledger.begin('calls/0', first, last)).toBeUndefined();
    expect(ledger.begin('calls/0', 7, 9)).toBeDefined();
    expect(ledger.begin('calls/0', 9, 12)).toBeUndefined();
  });

  it('holds over every interleaving of assign, revoke, complete, fail and late answers', () => {
    const partition = fc.constantFrom('a/0', 'b/1');
    const command = fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant('assign' as const), partition }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), partition }) },
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('begin' as const), partition, size: fc.integer({ min: 1, max: 5 }), gap: fc.nat(2) }),
      },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('complete' as const), which: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), which: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const ledger = createInFlight();
        // The model: every offset of an assignment that was begun, and whether it is stored, failed, or neither.
        const world = new Map<string, { from: number; at: number; tickets: Ticket[]; committed: number; failed: boolean }>();
        const durable = new Map<string, number>();
        const stored = new Set<Ticket>();
        const failed = new Set<Ticket>();
        const tickets: Ticket[] = [];
        for (const one of commands) {
          if (one.do === 'assign') {
            const from = durable.get(one.partition) ?? 0;
            ledger.assign(one.partition, from);
            world.set(one.partition, { from, at: from, tickets: [], committed: from, failed: false });
          } else if (one.do === 'revoke') {
            ledger.revoke(one.partition);
            world.delete(one.partition);
          } else if (one.do === 'begin') {
            const ours = world.get(one.partition);
            const first = (ours?.at ?? 0) + one.gap;
            const ticket = ledger.begin(one.partition, first, first + one.size - 1);
            expect(ticket !== undefined).toBe(ours !== undefined && !ours.failed);
            if (!ticket || !ours) continue;
            ours.at = ticket.last + 1;
            ours.tickets.push(ticket);
            tickets.push(ticket);
          } else {
            const ticket = tickets[one.which % Math.max(1, tickets.length)];
            if (!ticket) continue;
            const ours = world.get(ticket.partition);
            const live = ours?.tickets.includes(ticket) ?? false;
            if (one.do === 'fail') {
              ledger.fail(ticket);
              if (live && !stored.has(ticket) && !failed.has(ticket) && ours) {
                const at = ours.tickets.indexOf(ticket);
                for (const behind of ours.tickets.slice(at)) failed.add(behind);
                ours.failed = true;
              }
              continue;
            }
            const before = ours?.committed;
            const offset = ledger.complete(ticket);
            if (!live || failed.has(ticket) || stored.has(ticket) || !ours || before === undefined) {
              expect(offset).toBeUndefined();
              continue;
            }
            stored.add(ticket);
            let frontier = before;
            for (const each of ours.tickets) {
              if (!stored.has(each) || failed.has(each)) break;
              frontier = Math.max(frontier, each.last + 1);
            }
            expect(offset).toBe(frontier === before ? undefined : frontier);
            ours.committed = frontier;
            durable.set(ticket.partition, Math.max(durable.get(ticket.partition) ?? 0, frontier));
          }
          for (const [name, ours] of world)
            expect(ledger.open(name)).toBe(ours.tickets.filter((each) => !stored.has(each) && !failed.has(each)).length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
