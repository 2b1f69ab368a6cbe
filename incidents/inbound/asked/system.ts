/** What every ticket system is that can be asked how tickets stand: requests, and what their answers say. Pure. */
import type { HttpRequest } from '../../notify/request.ts';
import type { TicketStatus } from '../event.ts';

/** A ticket that Weir opened. */
export interface OwnTicket {
  readonly incident_id: string;
  /** Empty where the system knows it by our key alone. */
  readonly external_id: string;
}

/** One value of a ticket as it stands, and how it came to be so. */
export interface Stated<T> {
  readonly value: T;
  /** When it was set, ms since 1970 UTC; undefined = the system does not say. */
  readonly at?: number;
  readonly actor: string;
  /** Weir wrote it itself. */
  readonly own: boolean;
  /** Of `held`, and of an end: why. */
  readonly reason?: string;
}

/** A ticket as it stands. What is left out the answer does not tell. */
export interface TicketState {
  readonly external_id: string;
  readonly reference: string;
  /** Our id as the ticket carries it; empty = it does not. */
  readonly incident_id: string;
  readonly status?: Stated<TicketStatus>;
  readonly assignee?: Stated<string>;
  readonly priority?: Stated<1 | 2 | 3 | 4 | 5>;
}

/** What reading an answer needs besides it. */
export interface StateContext {
  /** Words of the system's statuses, lower case. */
  readonly statuses: Readonly<Record<string, TicketStatus>>;
  /** Names and ids of the user that Weir writes as, lower case. */
  readonly own: ReadonlySet<string>;
}

export interface AskedSystem {
  /** The requests that ask for some tickets. */
  ask(tickets: readonly OwnTicket[]): readonly HttpRequest[];
  /** What one answer says; an answer that cannot be read says nothing. Never throws. */
  states(body: string, context: StateContext): readonly TicketState[];
}
