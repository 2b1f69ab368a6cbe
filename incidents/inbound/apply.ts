/**
 * What a ticket says, laid over an incident. People own acknowledgement, assignee, priority and closure, wherever they say it; the detector owns
 * recovery. Of each of these the latest word counts, by the time at which it was said, so it does not matter in which order or how often words come.
 */
import type { Incident, IncidentState, TransitionType } from '../../core/incident.ts';
import { manualDetector } from '../manual.ts';
import { advance, isActive, weirActor } from '../transition.ts';
import type { TicketEvent, TicketStatus } from './event.ts';

interface Word<T> {
  readonly value: T;
  readonly at: number;
  readonly revision: number;
  readonly delivery_id: string;
  /** Of `held`. */
  readonly reason?: string;
}

/** The latest words of tickets about one incident. */
export interface TicketView {
  readonly status?: Word<TicketStatus>;
  readonly assignee?: Word<string>;
  readonly priority?: Word<1 | 2 | 3 | 4 | 5>;
}

export type ApplyOutcome = 'applied' | 'unchanged' | 'stale' | 'echo';

export interface Applied {
  readonly outcome: ApplyOutcome;
  /** Why, for a person. */
  readonly reason: string;
  /** The next transition, when there is one. */
  readonly incident?: Incident;
  /** A person said that it was none. */
  readonly notAnIncident: boolean;
}

export interface ApplyContext {
  /** Name of the connector, for the timeline. */
  readonly connector: string;
  /** Whether what is wrong still stands, as the detector last said. */
  readonly firing: boolean;
  /** Another incident of the key has been opened since. */
  readonly superseded: boolean;
  readonly now: number;
}

const viaConnector = / \(via [a-z0-9_-]+\)$/;

/** The view with the words of an event; an event that was known before, or is older, changes nothing. Order and repetition do not matter. */
export function joined(view: TicketView, event: TicketEvent): TicketView {
  if (event.echo) return view;
  const { status, assignee, priority } = event;
  return {
    ...view,
    ...(status !== undefined && isNewer(event, view.status) ? { status: wordOf(event, status) } : {}),
    ...(assignee !== undefined && isNewer(event, view.assignee) ? { assignee: wordOf(event, assignee) } : {}),
    ...(priority !== undefined && isNewer(event, view.priority) ? { priority: wordOf(event, priority) } : {}),
  };
}

function wordOf<T>({ at, revision, delivery_id, reason }: TicketEvent, value: T): Word<T> {
  return { value, at, revision, delivery_id, ...(value === 'held' ? { reason: reason || 'on hold' } : {}) };
}

function isNewer(event: TicketEvent, word: Word<unknown> | undefined): boolean {
  if (word === undefined) return true;
  if (event.at !== word.at) return event.at > word.at;
  return event.revision === word.revision ? event.delivery_id > word.delivery_id : event.revision > word.revision;
}

/** Applies an event. @param before the view without it */
export function applyTicket(incident: Incident, before: TicketView, event: TicketEvent, context: ApplyContext): Applied {
  if (event.echo) return { outcome: 'echo', reason: 'Our own change.', notAnIncident: false };
  const after = joined(before, event);
  const said = <K extends keyof TicketView>(field: K): TicketView[K] | undefined => {
    const word = after[field];
    const old = before[field];
    if (word === undefined || word === old) return undefined;
    // What a whole ticket repeats was not said anew.
    if (!event.explicit && old !== undefined && old.value === word.value && old.reason === word.reason) return undefined;
    return localWord(incident, field) > word.at ? undefined : word;
  };
  const [status, assignee, priority] = [said('status'), said('assignee'), said('priority')];
  const changes: Change[] = [];
  if (status !== undefined) changes.push(...statusChange(incident, status, event, context));
  if (assignee !== undefined && assignee.value !== incident.assignee) {
    changes.push({
      transition: 'assigned',
      text: assignee.value === '' ? 'Assigned to nobody.' : `Assigned to ${assignee.value}.`,
      values: { assignee: assignee.value },
    });
  }
  if (priority !== undefined && priority.value !== incident.priority) {
    changes.push({ transition: 'prioritised', text: `Priority ${priority.value}.`, values: { priority: priority.value } });
  }
  if (event.note !== undefined && !hasNote(incident, event, context))
    changes.push({ transition: 'commented', text: event.note, values: {} });
  // Also where it is closed already: who died after closing has not said it.
  const notAnIncident = status?.value === 'cancelled';
  if (changes.length > 0) return { outcome: 'applied', reason: '', incident: together(incident, changes, event, context), notAnIncident };
  const known = [status, assignee, priority].some((word) => word !== undefined);
  const words = event.status !== undefined || event.assignee !== undefined || event.priority !== undefined;
  return known || !words || repeats(before, event)
    ? { outcome: 'unchanged', reason: 'It is so already.', notAnIncident }
    : { outcome: 'stale', reason: 'Something later was said before it came.', notAnIncident: false };
}

function repeats({ status, assignee, priority }: TicketView, event: TicketEvent): boolean {
  return [
    [status?.value, event.status],
    [assignee?.value, event.assignee],
    [priority?.value, event.priority],
  ].every(([known, said]) => said === undefined || known === said);
}

interface Change {
  readonly transition: TransitionType;
  readonly text: string;
  readonly values: Partial<Incident>;
}

/** One event is one transition, named after the first of its changes. */
function together(incident: Incident, changes: readonly Change[], event: TicketEvent, context: ApplyContext): Incident {
  const { transition } = changes[0]!;
  const text = changes.map((change) => change.text).join(' ');
  const values = Object.assign({}, ...changes.map((change) => change.values)) as Partial<Incident>;
  return pruned(advance(incident, transition, context.now, actorOf(event, context), text, values));
}

/** Values that were taken away are no longer there. */
function pruned(incident: Incident): Incident {
  return Object.fromEntries(Object.entries(incident).filter(([, value]) => value !== undefined)) as unknown as Incident;
}

/**
 * Who a word is by, in the timeline.
 * @example actorOf({ actor: 'Ana' }, { connector: 'pagerduty' }) // 'Ana (via pagerduty)'
 */
export function actorOf({ actor }: Pick<TicketEvent, 'actor'>, { connector }: Pick<ApplyContext, 'connector'>): string {
  return `${actor.slice(0, 120)} (via ${connector})`;
}

function hasNote(incident: Incident, event: TicketEvent, context: ApplyContext): boolean {
  const actor = actorOf(event, context);
  return incident.timeline.some(
    (entry) => entry.actor === actor && entry.text.includes(event.note ?? '') && Date.parse(entry.at) >= event.at,
  );
}

/** Where an incident stands when its ticket stands there. */
function stateFor(status: TicketStatus, incident: Incident, firing: boolean): IncidentState {
  if (status === 'closed' || status === 'cancelled') return 'closed';
  if (incident.finding.detector === manualDetector && status === 'resolved') return 'resolved';
  if (!firing) return 'resolved';
  // Whose ticket is resolved while it is still wrong has work left.
  return status === 'resolved' || status === 'held' ? 'in_progress' : status;
}

const transitions: Readonly<Record<string, TransitionType>> = {
  acknowledged: 'acknowledged',
  in_progress: 'in_progress',
  resolved: 'resolved',
  closed: 'closed',
  open: 'unacknowledged',
};

const texts: Readonly<Record<TicketStatus, string>> = {
  open: 'Nobody is on it any more.',
  acknowledged: 'Acknowledged.',
  in_progress: 'Work has begun.',
  held: 'On hold',
  resolved: 'Resolved.',
  closed: 'Closed.',
  cancelled: 'Closed: it was not an incident',
};

function statusChange(incident: Incident, word: Word<TicketStatus>, event: TicketEvent, context: ApplyContext): Change[] {
  const { value: status, at } = word;
  const state = stateFor(status, incident, context.firing);
  const ended = !isActive(incident.state);
  if (isActive(state) && ended && context.superseded) {
    return [{ transition: 'commented', text: 'The ticket was opened again; a later incident of the same is there.', values: {} }];
  }
  const degraded = status === 'resolved' && state !== 'resolved';
  const hold = word.reason;
  const marked = degraded && incident.ticket_resolved_at === undefined;
  const unmarked = !degraded && incident.ticket_resolved_at !== undefined;
  if (state === incident.state && hold === incident.hold_reason && !marked && !unmarked) return [];
  const reopens = isActive(state) && ended;
  const said = new Date(Math.max(at, Date.parse(incident.opened_at))).toISOString();
  const now = new Date(context.now).toISOString();
  const values: Partial<Record<keyof Incident, unknown>> = {
    state,
    hold_reason: hold,
    resolved_at: isActive(state) ? undefined : (incident.resolved_at ?? now),
    closed_at: state === 'closed' ? (incident.closed_at ?? now) : undefined,
    ...(state === 'acknowledged' || state === 'in_progress' ? { acknowledged_at: incident.acknowledged_at ?? said } : {}),
    ticket_resolved_at: degraded ? said : undefined,
  };
  const transition = reopens
    ? 'reopened'
    : status === 'held'
      ? 'held'
      : marked && state === incident.state
        ? 'commented'
        : (transitions[state] ?? 'updated');
  return [{ transition, text: textFor(status, event.reason, degraded, reopens, state), values: values as Partial<Incident> }];
}

function textFor(status: TicketStatus, reason: string | undefined, degraded: boolean, reopens: boolean, state: IncidentState): string {
  if (degraded) return 'Resolved in the ticket, but what is wrong still stands: it stays open.';
  if (state === 'resolved' && status !== 'resolved') return 'The ticket is open; what was wrong has recovered.';
  const text = reopens ? 'The ticket was opened again.' : texts[status];
  return reason === undefined || reason === '' || (status !== 'held' && status !== 'cancelled')
    ? text
    : `${text.replace(/\.$/, '')}: ${reason}`;
}

const typesOf: Readonly<Record<keyof TicketView, ReadonlySet<string>>> = {
  status: new Set(['acknowledged', 'in_progress', 'held', 'resolved', 'closed', 'reopened']),
  assignee: new Set(['assigned']),
  priority: new Set(['prioritised']),
};

/** When a person last said it in Weir itself, ms; 0 = never. */
function localWord(incident: Incident, field: keyof TicketView): number {
  return incident.timeline.reduce(
    (last, { at, type, actor }) =>
      typesOf[field].has(type) && actor !== weirActor && !viaConnector.test(actor) ? Math.max(last, Date.parse(at)) : last,
    0,
  );
}

/**
 * The transition that tells people once that a ticket was resolved and nothing recovered for a grace time; undefined when there is nothing to tell.
 * @param graceMs time to wait after the ticket was resolved
 */
export function stillDegraded(incident: Incident, now: number, graceMs: number): Incident | undefined {
  const { ticket_resolved_at: resolved, timeline } = incident;
  if (resolved === undefined || !isActive(incident.state) || now - Date.parse(resolved) < graceMs) return undefined;
  const text = 'The ticket is resolved, and what is wrong still stands.';
  if (timeline.some((entry) => entry.text === text && Date.parse(entry.at) > Date.parse(resolved))) return undefined;
  return advance(incident, 'updated', now, weirActor, text, {});
}
