/**
 * Weir and a ticket system as they tell each other: changes go out in order and at least once, words come back in any order and often, our own among them, answers
 * get lost. Whatever happens when, the same incident stands in the end, each change is noted once, and they come to rest.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import type { Reply } from '../notify/exchange.ts';
import type { HttpRequest } from '../notify/request.ts';
import { defaultTexts as texts } from '../notify/template.ts';
import { tmf621Target } from '../notify/tmf621.ts';
import { incidentOf, testEpoch } from '../testing/finding.ts';
import { testMemory } from '../testing/targets.ts';
import { advance } from '../transition.ts';
import { applyTicket, joined, type TicketView } from './apply.ts';
import { readTmf621 } from './tmf621.ts';

interface Ticket {
  readonly id: string;
  readonly note: readonly { readonly text: string }[];
  readonly [field: string]: unknown;
}

/** What people do with the ticket. */
interface Doing {
  readonly status?: string;
  readonly priority?: string;
  readonly reason: string;
}

/** Both sides until they rest. @param choices what happens next, of what can */
async function live(doings: readonly Doing[], own: readonly string[], choices: readonly number[]) {
  let now = testEpoch;
  let ticket: Ticket | undefined;
  const events: string[] = [];
  const emit = (eventType: string): void => {
    events.push(
      JSON.stringify({ eventId: `e${events.length}`, eventTime: new Date(now).toISOString(), eventType, event: { troubleTicket: ticket } }),
    );
  };
  const change = (patch: object): void => {
    const before = ticket?.['status'];
    ticket = { ...ticket, ...patch } as Ticket;
    emit(ticket['status'] === before ? 'TroubleTicketAttributeValueChangeEvent' : 'TroubleTicketStatusChangeEvent');
  };
  const reply = (status: number, value: unknown): Reply => ({ status, error: '', headers: {}, body: JSON.stringify(value) });
  const server = ({ method, url, body }: HttpRequest): Reply => {
    if (method === 'POST') {
      ticket = { ...(JSON.parse(body) as Ticket), id: 'T1', status: 'acknowledged' };
      return reply(201, ticket);
    }
    if (method === 'PATCH') {
      change(JSON.parse(body) as object);
      return reply(200, ticket);
    }
    return url.includes('?externalIdentifier') ? reply(200, ticket ? [ticket] : []) : reply(ticket ? 200 : 404, ticket ?? {});
  };

  const target = tmf621Target(
    {
      name: 't',
      url: 'https://t.example',
      login: { kind: 'none' },
      onRecovery: 'comment',
      ticketType: 'Incident',
      connectors: ['desk'],
      texts,
    },
    [],
  );
  const memory = testMemory();
  let incident: Incident = incidentOf();
  const transitions: Incident[] = [incident];
  let delivered = 0;
  let view: TicketView = {};
  const heard = new Set<number>();
  let [done, said] = [0, 0];
  const become = (next: Incident | undefined): void => {
    if (next === undefined) return;
    incident = next;
    transitions.push(next);
  };
  /** Tells the next change; a lost answer, or a crash before it is written down, tells it again. */
  const deliver = async (lost: boolean): Promise<void> => {
    let left = lost ? 1 : 99;
    const send = async (request: HttpRequest): Promise<Reply> => {
      const answer = server(request);
      return request.method !== 'GET' && left-- <= 1 ? { status: 0, error: 'ECONNRESET', headers: {}, body: '' } : answer;
    };
    const answer = await target.deliver(transitions[delivered]!, { memory, now, send });
    if (answer.outcome === 'delivered') delivered += 1;
  };
  const hear = (at: number): void => {
    const read = readTmf621(events[at]!, { statuses: {}, own: new Set(), receivedAt: now, fallbackId: `f${at}` });
    heard.add(at);
    if (!('event' in read)) return;
    become(applyTicket(incident, view, read.event, { connector: 'desk', firing: true, superseded: false, now }).incident);
    view = joined(view, read.event);
  };
  const possible = (): (() => Promise<void> | void)[] => [
    ...(delivered < transitions.length ? [() => deliver(false), () => deliver(true)] : []),
    ...events.map((_, at) => () => hear(at)),
    ...(ticket !== undefined && done < doings.length
      ? [
          () => {
            const { status, priority, reason } = doings[done++]!;
            change({ ...(status ? { status, statusChangeReason: reason } : {}), ...(priority ? { priority } : {}) });
          },
        ]
      : []),
    ...(said < own.length ? [() => become(advance(incident, 'commented', now, 'ana', own[said++]!, {}))] : []),
  ];
  for (const choice of choices) {
    now += 1_000;
    const all = possible();
    if (all.length > 0) await all[choice % all.length]!();
  }
  // In the end everything has happened, and come.
  for (let step = 0; delivered < transitions.length || done < doings.length || said < own.length || heard.size < events.length; step += 1) {
    if (step > 400) throw new Error('they do not come to rest');
    now += 1_000;
    const open = events.findIndex((_, at) => !heard.has(at));
    if (delivered < transitions.length) await deliver(false);
    else if (open >= 0) hear(open);
    else await possible().at(-1)!();
  }
  const marks = (ticket?.note ?? []).map(({ text }) => /\[weir .*_(\d+)\]$/.exec(text)?.[1]);
  return { incident, marks, transitions: transitions.length };
}

const doing: fc.Arbitrary<Doing> = fc.oneof(
  fc.record({
    status: fc.constantFrom('acknowledged', 'inProgress', 'held', 'pending', 'resolved', 'closed', 'rejected'),
    reason: fc.constantFrom('a part', 'a supplier'),
  }),
  fc.record({ priority: fc.constantFrom('1', '2', '4'), reason: fc.constant('') }),
);

describe('words both ways', () => {
  it('lead to the same incident, note each change once and come to rest, whatever happens when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(doing, { maxLength: 4 }),
        fc.array(fc.constantFrom('looked', 'asked the vendor'), { maxLength: 2 }),
        fc.array(fc.nat(1_000), { maxLength: 40 }),
        async (doings, own, choices) => {
          const [calm, wild] = [await live(doings, own, []), await live(doings, own, choices)];
          const standing = ({ incident: { state, priority, hold_reason, ticket_resolved_at } }: typeof calm) => ({
            ...{ state, priority, hold_reason },
            degraded: ticket_resolved_at !== undefined,
          });
          expect(standing(wild)).toEqual(standing(calm));
          for (const { marks, transitions } of [calm, wild]) {
            expect(new Set(marks).size).toBe(marks.length);
            expect(marks).toHaveLength(transitions);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
