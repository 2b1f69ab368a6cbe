import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { act } from '../act.ts';
import { incidentOf, testEpoch } from '../testing/finding.ts';
import { applyTicket, joined, type TicketView } from './apply.ts';
import type { TicketState } from './asked/system.ts';
import { type TicketEvent, type TicketStatus, ticketStatuses } from './event.ts';
import { dueTickets, unheard } from './reconcile.ts';

const at = (minutes: number): number => testEpoch + minutes * 60_000;
const now = at(500);
const context = { connector: 'desk', firing: true, superseded: false, now };

/** The ticket after some words, as its system would answer. */
function stateAfter(words: readonly TicketEvent[]): TicketState {
  const ordered = [...words].sort((a, b) => a.at - b.at);
  const last = (field: 'status' | 'assignee' | 'priority') => ordered.findLast((word) => word[field] !== undefined);
  const stated = <T>(word: TicketEvent | undefined, value: T | undefined) =>
    word === undefined || value === undefined ? undefined : { value, at: word.at, actor: 'ana', own: false, reason: word.reason ?? '' };
  const [status, assignee, priority] = [last('status'), last('assignee'), last('priority')];
  return Object.fromEntries(
    Object.entries({
      external_id: 'T1',
      reference: 'T1',
      incident_id: '',
      status: stated(status, status?.status),
      assignee: stated(assignee, assignee?.assignee),
      priority: stated(priority, priority?.priority),
    }).filter(([, value]) => value !== undefined),
  ) as unknown as TicketState;
}

function heard(start: Incident, words: readonly TicketEvent[]): { incident: Incident; view: TicketView } {
  let [incident, view] = [start, {} as TicketView];
  for (const word of words) {
    incident = applyTicket(incident, view, word, context).incident ?? incident;
    view = joined(view, word);
  }
  return { incident, view };
}

const standing = ({ state, hold_reason, assignee, priority }: Incident) => ({ state, hold_reason, assignee, priority });

const anyWords = fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }).chain((times) =>
  fc.tuple(
    ...times.map((minutes) =>
      fc
        .record({ lost: fc.boolean(), field: fc.constantFrom('status', 'assignee', 'priority'), pick: fc.nat(20) })
        .map(({ lost, field, pick }) => ({
          lost,
          word: {
            ...{
              delivery_id: `d${minutes}`,
              external_id: 'T1',
              reference: 'T1',
              incident_id: incidentOf().incident_id,
              at: at(minutes),
              revision: 0,
            },
            ...{ actor: 'ana', actorIds: ['ana'], echo: false, explicit: true },
            ...(field === 'status'
              ? { status: ticketStatuses[pick % ticketStatuses.length]!, reason: 'a part' }
              : field === 'assignee'
                ? { assignee: ['bo', 'cy', ''][pick % 3]! }
                : { priority: ((pick % 4) + 2) as 2 | 3 | 4 | 5 }),
          } as TicketEvent,
        })),
    ),
  ),
);

describe('asking how tickets stand', () => {
  it('makes good whatever deliveries were lost, and asking again brings nothing', () => {
    fc.assert(
      fc.property(anyWords, (drawn) => {
        // A priority that is the severity is what Weir itself writes.
        const start = incidentOf();
        const words = drawn.map(({ word }) => word).filter((word) => word.priority !== start.severity);
        const delivered = drawn.filter(({ lost }) => !lost).map(({ word }) => word);
        const whole = heard(
          start,
          [...words].sort((a, b) => a.at - b.at),
        );
        const partly = heard(
          start,
          delivered.filter((word) => words.includes(word)).sort((a, b) => a.at - b.at),
        );
        const of = { askedAt: undefined, now, system: 'jira' };
        const state = stateAfter(words);
        const news = unheard(partly.incident, state, partly.view, of);
        const made = [...news].reduce(
          ({ incident, view }, word) => ({
            incident: applyTicket(incident, view, word, context).incident ?? incident,
            view: joined(view, word),
          }),
          partly,
        );
        expect(standing(made.incident)).toEqual(standing(whole.incident));
        expect(unheard(made.incident, state, made.view, of)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  const state = (value: TicketStatus, more: object = {}): TicketState => ({
    external_id: 'T1',
    reference: 'T1',
    incident_id: '',
    status: { value, actor: 'ana', own: false, ...more },
  });
  const of = { askedAt: at(5), now, system: 'servicenow' };

  it('takes what Weir brought about itself for no news', () => {
    const acted = act(incidentOf(), { type: 'in_progress', actor: 'bo' }, at(10));
    const incident = acted.outcome === 'changed' ? acted.incident : incidentOf();
    expect(unheard(incident, state('in_progress'), {}, of)).toEqual([]);
    expect(unheard(incident, state('closed', { own: true }), {}, of)).toEqual([]);
    expect(unheard(incident, state('open'), {}, of)).toEqual([]);
    expect(unheard(incident, state('closed', { at: at(20) }), {}, of)).toMatchObject([{ status: 'closed', at: at(20), explicit: true }]);
  });

  it('never overrules a later word in Weir by a word of unknown time', () => {
    const acted = act(incidentOf(), { type: 'in_progress', actor: 'bo' }, at(10));
    const incident = acted.outcome === 'changed' ? acted.incident : incidentOf();
    const [news] = unheard(incident, state('held', { reason: 'a part' }), {}, of);
    expect(news).toMatchObject({ at: at(5), status: 'held', reason: 'a part' });
    expect(applyTicket(incident, {}, news!, context).outcome).toBe('stale');
    expect(applyTicket(incidentOf(), {}, news!, context).incident).toMatchObject({ state: 'in_progress', hold_reason: 'a part' });
  });

  it('asks for those that have been silent for longest, and for none twice within the time', () => {
    const ticket = (incident_id: string, wordAt: number) => ({ incident_id, external_id: incident_id, reference: '', wordAt });
    const tickets = [ticket('a', at(1)), ticket('b', at(9)), ticket('c', at(2)), ticket('d', at(0))];
    const due = (asked: ReadonlyMap<string, number>, most = 9) =>
      dueTickets(tickets, asked, { now: at(10), everyMs: 5 * 60_000, most }).map(({ incident_id }) => incident_id);
    expect(due(new Map())).toEqual(['d', 'a', 'c']);
    expect(due(new Map([['d', at(8)]]), 1)).toEqual(['a']);
  });
});
