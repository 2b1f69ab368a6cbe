/** What a ticket system said of a ticket, in one shape for all systems. */

/** States of a ticket as Weir understands them. `cancelled`: it was not an incident. */
export const ticketStatuses = ['open', 'acknowledged', 'in_progress', 'held', 'resolved', 'closed', 'cancelled'] as const;

export type TicketStatus = (typeof ticketStatuses)[number];

export interface TicketEvent {
  /** Identity of the delivery, from what is signed where the system has one: the same when it is sent again. */
  readonly delivery_id: string;
  /** Identity of the ticket in its system. */
  readonly external_id: string;
  /** As people call it there, e.g. INC0010023. */
  readonly reference: string;
  /** Our id as the ticket echoes it; empty = it does not. */
  readonly incident_id: string;
  /** When it was said there, ms since 1970 UTC. */
  readonly at: number;
  /** Order within one instant, where the system counts its changes. */
  readonly revision: number;
  readonly actor: string;
  /** Who wrote it as the system identifies them, to know our own writes. */
  readonly actorIds: readonly string[];
  /** Our own change come back. */
  readonly echo: boolean;
  /** The system names what changed; otherwise it sends the ticket as it stands, and only what differs was said. */
  readonly explicit: boolean;
  readonly status?: TicketStatus;
  /** Of `held`, and of an end: why. */
  readonly reason?: string;
  readonly assignee?: string;
  readonly priority?: 1 | 2 | 3 | 4 | 5;
  readonly note?: string;
}

/** What became of a body. */
export type Read =
  | { readonly event: TicketEvent }
  /** Understood, and nothing to do. */
  | { readonly ignored: string; readonly delivery_id?: string }
  | { readonly unreadable: string };

/** What a reader is told besides the body. */
export interface ReadContext {
  /** Words of the system's statuses for those of {@link ticketStatuses}, lower case. */
  readonly statuses: Readonly<Record<string, TicketStatus>>;
  /** Names and ids of the user that Weir writes as. */
  readonly own: ReadonlySet<string>;
  /** When it came, ms since 1970 UTC. */
  readonly receivedAt: number;
  /** Identity of the delivery where the body has none. */
  readonly fallbackId: string;
}

/** What a note of ours ends with. */
const ownMark = /\[weir inc_[^\]\s]{1,120}\]/;

/** Whether a note or a person is our own. */
export function isOwn(note: string, actorIds: readonly string[], own: ReadonlySet<string>): boolean {
  return ownMark.test(note) || actorIds.some((id) => id !== '' && own.has(id.toLowerCase()));
}

/**
 * P1 to P5 in what a system calls a priority; undefined when it says none.
 * @example priorityOf('P2 - High') // 2
 * @example priorityOf('urgent') // undefined
 */
export function priorityOf(text: string): TicketEvent['priority'] | undefined {
  const figure = Number(/^(?:p|sev-?)?([1-5])\b/i.exec(text)?.[1]);
  return Number.isNaN(figure) ? undefined : (figure as 1 | 2 | 3 | 4 | 5);
}

/**
 * A status by the words of the settings, then by those that the system has out of the box.
 * @example statusOf('In Progress', {}, { 'in progress': 'in_progress' }) // 'in_progress'
 */
export function statusOf(
  word: string,
  own: Readonly<Record<string, TicketStatus>>,
  usual: Readonly<Record<string, TicketStatus>>,
): TicketStatus | undefined {
  const key = word.toLowerCase();
  if (Object.hasOwn(own, key)) return own[key];
  return Object.hasOwn(usual, key) ? usual[key] : undefined;
}
