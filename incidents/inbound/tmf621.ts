/**
 * Events that a TMF621 server sends to a listener: create, attribute value change, status change, resolved, information required. The external
 * identifier of owner Weir holds the incident's id.
 * Source: TMF621 Trouble Ticket Management API v5.0.1; TMF630 for the envelope of events.
 */
import { isOwn, priorityOf, type Read, type ReadContext, statusOf, type TicketEvent, type TicketStatus } from './event.ts';
import { fieldsOf, incidentIdIn, instantOf, listOf, objectIn, textOf } from './json.ts';

/** States of a trouble ticket, lower case. */
export const tmf621States: Readonly<Record<string, TicketStatus>> = {
  acknowledged: 'acknowledged',
  inprogress: 'in_progress',
  pending: 'held',
  held: 'held',
  resolved: 'resolved',
  closed: 'closed',
  rejected: 'cancelled',
  cancelled: 'cancelled',
};

/** Reads one delivery. */
export function readTmf621(body: string, context: ReadContext): Read {
  const whole = objectIn(body);
  const ticket = fieldsOf(fieldsOf(whole?.['event'])?.['troubleTicket']);
  const delivery_id = textOf(whole?.['eventId']) || context.fallbackId;
  const type = textOf(whole?.['eventType']);
  const external_id = textOf(ticket?.['id']);
  if (ticket === undefined || external_id === '') return { unreadable: 'there is no trouble ticket with an id' };
  if (/DeleteEvent$/.test(type)) return { ignored: 'the ticket was deleted', delivery_id };
  const at = instantOf(whole?.['eventTime']) ?? instantOf(ticket['lastUpdate']) ?? context.receivedAt;
  const status = statusOf(textOf(ticket['status']), context.statuses, tmf621States);
  const last = fieldsOf(listOf(ticket['note']).at(-1));
  const reason = textOf(ticket['statusChangeReason'], 4_000) || (status === 'held' ? textOf(ticket['status']) : '');
  const note = /AttributeValueChangeEvent$|InformationRequiredEvent$/.test(type) ? textOf(last?.['text'], 4_000) : '';
  const actor = partyOf(ticket) || textOf(last?.['author']);
  const priority = priorityOf(textOf(ticket['priority']));
  return {
    event: {
      delivery_id,
      external_id,
      reference: external_id,
      incident_id: ownIdentifier(ticket),
      at,
      revision: 0,
      actor: actor || 'tmf621',
      actorIds: [actor, textOf(last?.['author'])],
      // A change of status that we made carries our mark as its reason.
      echo: isOwn(`${reason} ${note}`, [actor], context.own),
      explicit: /StatusChangeEvent$|ResolvedEvent$/.test(type),
      ...(status === undefined ? {} : { status }),
      ...(reason === '' ? {} : { reason }),
      ...(priority === undefined || /StatusChangeEvent$|ResolvedEvent$/.test(type) ? {} : { priority }),
      ...(note === '' ? {} : { note }),
    } satisfies TicketEvent,
  };
}

/** Our id among the external identifiers of a ticket; empty = it has none. */
export function ownIdentifier(ticket: Readonly<Record<string, unknown>>): string {
  for (const one of listOf(ticket['externalIdentifier'])) {
    const id = incidentIdIn(fieldsOf(one)?.['id']);
    if (id !== '') return id;
  }
  return '';
}

/** Who handles the ticket; empty = nobody. */
export function partyOf(ticket: Readonly<Record<string, unknown>>): string {
  for (const one of listOf(ticket['relatedParty'])) {
    const party = fieldsOf(fieldsOf(one)?.['partyOrPartyRole']) ?? fieldsOf(one);
    if (/handler|assignee|agent/i.test(textOf(fieldsOf(one)?.['role']))) return textOf(party?.['name']) || textOf(party?.['id']);
  }
  return '';
}
