import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { act } from '../act.ts';
import { fold } from '../fold.ts';
import { manualDetector } from '../manual.ts';
import { defaultIncidentSettings as settings } from '../settings.ts';
import { findingOf, hashOf, incidentOf, minute, testEpoch } from '../testing/finding.ts';
import { isActive } from '../transition.ts';
import { applyTicket, joined, stillDegraded, type TicketView } from './apply.ts';
import { type TicketEvent, ticketStatuses } from './event.ts';

/** A word of a ticket at a minute of test time. */
function wordAt(at: number, changes: Partial<TicketEvent>): TicketEvent {
  const basis = { external_id: 'T1', reference: 'T1', incident_id: incidentOf().incident_id, revision: 0, actor: 'ana', actorIds: ['ana'] };
  return { ...basis, delivery_id: `d${at}`, at: testEpoch + at * 60_000, echo: false, explicit: true, ...changes };
}

type Step = { readonly word: TicketEvent } | { readonly clears: true };

/** Lives through words of tickets and the detector; words that come back are applied again as a process that has forgotten them would. */
function live(steps: readonly Step[]): { incident: Incident; transitions: number } {
  let incident = incidentOf();
  let cleared = false;
  let view: TicketView = {};
  let transitions = 0;
  let now = testEpoch + 200 * 60_000;
  for (const step of steps) {
    now += 1_000;
    if ('clears' in step) {
      cleared = true;
      const finding = findingOf({ state: 'cleared', detected_at: minute(100) });
      const folded = fold([incident], [finding], settings, { now, hash: hashOf }).transitions;
      incident = folded.at(-1) ?? incident;
      continue;
    }
    // As the inbox asks it.
    const firing = isActive(incident.state) || !cleared;
    const applied = applyTicket(incident, view, step.word, { connector: 'desk', firing, superseded: false, now });
    view = joined(view, step.word);
    if (applied.incident !== undefined) {
      incident = applied.incident;
      transitions += 1;
    }
  }
  return { incident, transitions };
}

const standing = ({ state, hold_reason, assignee, priority, ticket_resolved_at }: Incident) => ({
  state,
  hold_reason: isActive(state) ? hold_reason : undefined,
  assignee,
  priority,
  degraded: isActive(state) && ticket_resolved_at !== undefined,
});

const someWords = fc.uniqueArray(fc.nat(90), { minLength: 1, maxLength: 6 }).chain((times) =>
  fc.tuple(
    ...times.map((at) =>
      fc
        .record({
          status: fc.option(fc.constantFrom(...ticketStatuses), { nil: undefined }),
          reason: fc.constantFrom('a part', 'a supplier'),
          priority: fc.option(fc.constantFrom(1, 2, 3), { nil: undefined }),
          assignee: fc.option(fc.constantFrom('bo', 'cy', ''), { nil: undefined }),
          explicit: fc.boolean(),
          echo: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
        })
        .map(({ status, priority, assignee, ...rest }) =>
          wordAt(at, {
            ...rest,
            ...(status === undefined ? {} : { status }),
            ...(assignee === undefined ? {} : { assignee }),
            ...(priority === undefined ? {} : { priority: priority as 1 | 2 | 3 }),
          }),
        ),
    ),
  ),
);

describe('words of tickets', () => {
  it('lead to the same incident in any order, however often they come, with our own changes among them and the recovery anywhere', () => {
    fc.assert(
      fc.property(
        someWords.chain((words) => {
          const ordered: Step[] = [...words].sort((a, b) => a.at - b.at).map((word) => ({ word }));
          const clears: Step[] = [{ clears: true }];
          return fc.record({
            ordered: fc.constant(ordered),
            recovers: fc.boolean(),
            at: fc.nat(ordered.length),
            shuffled: fc.shuffledSubarray([...ordered, ...ordered, ...clears], {
              minLength: 2 * ordered.length + 1,
              maxLength: 2 * ordered.length + 1,
            }),
          });
        }),
        ({ ordered, recovers, at, shuffled }) => {
          const once: Step[] = recovers ? [...ordered.slice(0, at), { clears: true }, ...ordered.slice(at)] : ordered;
          const often = recovers ? shuffled : shuffled.filter((step) => 'word' in step);
          expect(standing(live(often).incident)).toEqual(standing(live(once).incident));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('make no transition when they come again, and keep the incident whole', () => {
    fc.assert(
      fc.property(someWords, (words) => {
        const steps = words.map((word) => ({ word }));
        const once = live(steps);
        expect(live([...steps, ...steps]).transitions).toBe(once.transitions);
        const { incident } = once;
        expect(incident.sequence).toBe(1 + once.transitions);
        expect(incident.resolved_at === undefined).toBe(isActive(incident.state));
        expect(incident.closed_at === undefined).toBe(incident.state !== 'closed');
      }),
      { numRuns: 300 },
    );
  });
});

describe('who owns what', () => {
  const context = { connector: 'desk', firing: true, superseded: false, now: testEpoch + 60 * 60_000 };

  it('leaves an incident open whose ticket was resolved while it stands, says so once, and again after the grace time', () => {
    const word = wordAt(10, { status: 'resolved' });
    const { incident } = applyTicket(incidentOf(), {}, word, context);
    expect(incident).toMatchObject({ state: 'in_progress', ticket_resolved_at: minute(10) });
    expect(incident!.timeline.at(-1)).toMatchObject({ actor: 'ana (via desk)', text: expect.stringContaining('it stays open') });
    expect(applyTicket(incident!, {}, word, context).incident).toBeUndefined();
    expect(stillDegraded(incident!, testEpoch + 30 * 60_000, 30 * 60_000)).toBeUndefined();
    const told = stillDegraded(incident!, testEpoch + 61 * 60_000, 30 * 60_000);
    expect(told).toMatchObject({ transition: 'updated', state: 'in_progress' });
    expect(stillDegraded(told!, testEpoch + 90 * 60_000, 30 * 60_000)).toBeUndefined();
  });

  it('does not open what has recovered, closes what people close, and takes a rejected ticket as a false alarm', () => {
    const recovered = fold([incidentOf()], [findingOf({ state: 'cleared', detected_at: minute(5) })], settings, {
      now: testEpoch + 300_000,
      hash: hashOf,
    }).transitions[0]!;
    expect(applyTicket(recovered, {}, wordAt(10, { status: 'in_progress' }), { ...context, firing: false })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(applyTicket(recovered, {}, wordAt(10, { status: 'closed' }), { ...context, firing: false }).incident).toMatchObject({
      state: 'closed',
    });
    const rejected = applyTicket(incidentOf(), {}, wordAt(10, { status: 'cancelled', reason: 'a test call' }), context);
    expect(rejected).toMatchObject({ notAnIncident: true, incident: { state: 'closed' } });
    expect(rejected.incident!.timeline.at(-1)!.text).toBe('Closed: it was not an incident: a test call');
  });

  it('lets the later word win between Weir and the ticket', () => {
    const acted = act(incidentOf(), { type: 'in_progress', actor: 'bo' }, testEpoch + 20 * 60_000);
    const incident = acted.outcome === 'changed' ? acted.incident : incidentOf();
    expect(applyTicket(incident, {}, wordAt(15, { status: 'closed' }), context).outcome).toBe('stale');
    expect(applyTicket(incident, {}, wordAt(25, { status: 'closed' }), context).incident).toMatchObject({ state: 'closed' });
  });

  it('does not make two of one: a ticket opened again after the incident came back as a later one is noted', () => {
    const closed = applyTicket(incidentOf(), {}, wordAt(1, { status: 'closed' }), context).incident!;
    const again = applyTicket(closed, {}, wordAt(5, { status: 'in_progress' }), { ...context, superseded: true }).incident!;
    expect(again).toMatchObject({ state: 'closed', transition: 'commented' });
  });

  it('takes the word of the ticket for what nobody but people know of', () => {
    const manual = incidentOf({ detector: manualDetector });
    expect(applyTicket(manual, {}, wordAt(10, { status: 'resolved' }), context).incident).toMatchObject({ state: 'resolved' });
  });
});
