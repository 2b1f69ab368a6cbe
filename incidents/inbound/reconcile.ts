/**
 * What to ask ticket systems about, and which of their answers is news. A webhook that was lost is found so: the ticket stands otherwise than its last word
 * said, and neither Weir nor its first state explains that. Pure.
 */
import type { Incident } from '../../core/incident.ts';
import type { TicketView } from './apply.ts';
import type { OwnTicket, Stated, TicketState } from './asked/system.ts';
import type { TicketEvent, TicketStatus } from './event.ts';

/** A ticket of an incident that is not over, or was a short time ago. */
export interface KnownTicket extends OwnTicket {
  readonly reference: string;
  /** When its system last said something of it, or it was made, ms. */
  readonly wordAt: number;
}

/**
 * Tickets to ask about: those whose last word and last question are older than `everyMs`, the longest unasked first, at most `most`.
 * @param askedAt when each was last asked about, ms, by incident
 */
export function dueTickets(
  tickets: readonly KnownTicket[],
  askedAt: ReadonlyMap<string, number>,
  { now, everyMs, most }: { readonly now: number; readonly everyMs: number; readonly most: number },
): readonly KnownTicket[] {
  const heard = ({ incident_id, wordAt }: KnownTicket): number => Math.max(wordAt, askedAt.get(incident_id) ?? 0);
  return tickets
    .filter((ticket) => now - heard(ticket) >= everyMs)
    .sort((a, b) => heard(a) - heard(b) || (a.incident_id < b.incident_id ? -1 : 1))
    .slice(0, most);
}

/**
 * Words that a ticket says by how it stands and that nobody has heard; each is applied as one that came by itself.
 * @param view what this ticket has said so far
 * @param askedAt when it was last asked about, ms; undefined = never
 */
export function unheard(
  incident: Incident,
  ticket: TicketState,
  view: TicketView,
  { askedAt, now, system }: { readonly askedAt: number | undefined; readonly now: number; readonly system: string },
): readonly TicketEvent[] {
  const event = <T>(field: keyof TicketView, stated: Stated<T>): TicketEvent => {
    // Where the system does not say when, it was after the last word and the last look: whoever spoke later in Weir is not overruled.
    const after = Math.max(Date.parse(incident.opened_at), (view[field]?.at ?? 0) + 1, askedAt ?? 0);
    const at = Math.min(now, stated.at ?? after);
    return {
      delivery_id: `asked/${ticket.external_id}/${field}/${String(stated.value)}/${at}`,
      external_id: ticket.external_id,
      reference: ticket.reference,
      incident_id: incident.incident_id,
      at,
      revision: 0,
      actor: stated.actor || system,
      actorIds: [],
      echo: false,
      explicit: true,
      [field]: stated.value,
      ...(stated.reason === undefined || stated.reason === '' ? {} : { reason: stated.reason }),
    };
  };
  const { status, assignee, priority } = ticket;
  return [
    ...(status !== undefined && isNews('status', status, view, (at) => writtenSince(incident, status.value, at))
      ? [event('status', status)]
      : []),
    ...(assignee !== undefined && isNews('assignee', assignee, view, () => assignee.value === incident.assignee)
      ? [event('assignee', assignee)]
      : []),
    // The severity is what Weir itself writes there.
    ...(priority !== undefined && isNews('priority', priority, view, () => priority.value === incident.severity)
      ? [event('priority', priority)]
      : []),
  ];
}

const first: Readonly<Record<keyof TicketView, unknown>> = { status: 'open', assignee: '', priority: undefined };

/** @param explained whether Weir itself may have brought it about after an instant */
function isNews<K extends keyof TicketView>(
  field: K,
  stated: Stated<unknown>,
  view: TicketView,
  explained: (after: number) => boolean,
): boolean {
  const known = view[field];
  if (known === undefined ? stated.value === first[field] : stated.value === known.value && sameReason(stated, known)) return false;
  if (stated.own) return false;
  // A word that is no newer than the last one has been heard in another form.
  if (stated.at !== undefined && known !== undefined && stated.at <= known.at) return false;
  return !explained(known?.at ?? 0);
}

function sameReason({ value, reason }: Stated<unknown>, known: { readonly reason?: string }): boolean {
  return value !== 'held' || reason === undefined || reason === known.reason;
}

const written: Readonly<Record<string, readonly string[]>> = {
  acknowledged: ['acknowledged'],
  in_progress: ['in_progress', 'reopened', 'held'],
  resolved: ['resolved'],
  closed: ['closed', 'merged'],
};

const viaConnector = / \(via [a-z0-9_-]+\)$/;

/** Whether Weir has told its targets of such a state after an instant: then the ticket stands so because Weir said it. */
function writtenSince({ timeline }: Incident, status: TicketStatus, after: number): boolean {
  const types = written[status] ?? [];
  return timeline.some(({ type, actor, at }) => types.includes(type) && !viaConnector.test(actor) && Date.parse(at) > after);
}
