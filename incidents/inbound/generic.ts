/**
 * Anything else, by a body of our own: `{ type, timestamp, data: { incident_id, … } }`, signed as Standard Webhooks define it. A script of ten lines
 * sends it.
 */
import { isOwn, priorityOf, type Read, type ReadContext, statusOf, type TicketEvent, type TicketStatus, ticketStatuses } from './event.ts';
import { fieldsOf, incidentIdIn, instantOf, objectIn, textOf } from './json.ts';

const usual: Readonly<Record<string, TicketStatus>> = Object.fromEntries(ticketStatuses.map((status) => [status, status]));

/** Reads one delivery. */
export function readGeneric(body: string, context: ReadContext): Read {
  const whole = objectIn(body);
  const data = fieldsOf(whole?.['data']) ?? whole;
  if (data === undefined) return { unreadable: 'the body is no object of JSON' };
  const incident_id = incidentIdIn(data['incident_id']);
  const external_id = textOf(data['ticket_id']) || incident_id;
  if (external_id === '') return { unreadable: 'neither incident_id nor ticket_id is given' };
  const word = textOf(data['status']);
  const status = statusOf(word, context.statuses, usual);
  if (word !== '' && status === undefined) return { unreadable: `the status ${word} is none of ${ticketStatuses.join(', ')}` };
  const actor = textOf(data['actor']);
  const note = textOf(data['note'], 4_000);
  const reason = textOf(data['reason'], 4_000);
  const priority = priorityOf(textOf(data['priority']));
  return {
    event: {
      delivery_id: context.fallbackId,
      external_id,
      reference: textOf(data['reference']) || external_id,
      incident_id,
      at: instantOf(data['at']) ?? instantOf(whole?.['timestamp']) ?? context.receivedAt,
      revision: 0,
      actor: actor || 'ticket',
      actorIds: [actor],
      echo: isOwn(note, [actor], context.own),
      explicit: true,
      ...(status === undefined ? {} : { status }),
      ...(reason === '' ? {} : { reason }),
      ...(data['assignee'] === undefined ? {} : { assignee: textOf(data['assignee']) }),
      ...(priority === undefined ? {} : { priority }),
      ...(note === '' ? {} : { note }),
    } satisfies TicketEvent,
  };
}
