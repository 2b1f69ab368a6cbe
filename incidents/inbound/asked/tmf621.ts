/**
 * Asks a TMF621 server for trouble tickets: one request for each. `statusChangeHistory`, or `statusChangeDate` of older servers, says when the status was set; a
 * reason with our mark was set by Weir.
 * Source: TMF621 Trouble Ticket Management API v5.0.1.
 */
import { askRequest, below, type Login } from '../../notify/request.ts';
import { isOwn, priorityOf, statusOf } from '../event.ts';
import { instantOf, objectIn, objectsOf, textOf } from '../json.ts';
import { ownIdentifier, partyOf, tmf621States } from '../tmf621.ts';
import type { AskedSystem, StateContext, TicketState } from './system.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A server. @param url base of the API */
export function askedTmf621(url: string, login: Login): AskedSystem {
  return {
    ask: (tickets) => tickets.map(({ external_id }) => askRequest(below(url, 'troubleTicket', external_id), login)),
    states: (body, context) => {
      const state = stateOf(objectIn(body), context);
      return state === undefined ? [] : [state];
    },
  };
}

function stateOf(ticket: Fields | undefined, context: StateContext): TicketState | undefined {
  const external_id = textOf(ticket?.['id']);
  if (ticket === undefined || external_id === '') return undefined;
  const status = statusOf(textOf(ticket['status']), context.statuses, tmf621States);
  const last = lastChange(ticket, textOf(ticket['status']));
  const reason = textOf(last?.['changeReason'], 4_000) || textOf(ticket['statusChangeReason'], 4_000);
  const at = instantOf(last?.['changeDate']) ?? instantOf(ticket['statusChangeDate']);
  const actor = partyOf(ticket);
  const own = isOwn(reason, [actor], context.own);
  const priority = priorityOf(textOf(ticket['priority']));
  return {
    external_id,
    reference: external_id,
    incident_id: ownIdentifier(ticket),
    ...(status === undefined
      ? {}
      : {
          status: {
            value: status,
            actor: actor || 'tmf621',
            own,
            ...(at === undefined ? {} : { at }),
            ...(reason !== '' ? { reason } : status === 'held' ? { reason: textOf(ticket['status']) } : {}),
          },
        }),
    ...(actor === '' ? {} : { assignee: { value: actor, actor, own: false } }),
    ...(priority === undefined ? {} : { priority: { value: priority, actor: actor || 'tmf621', own: false } }),
  };
}

/** The latest change to the status that the ticket has. */
function lastChange(ticket: Fields, status: string): Fields | undefined {
  const history = objectsOf(ticket['statusChangeHistory']);
  return history
    .filter((one) => textOf(one['status']) === status)
    .sort((a, b) => (instantOf(b['changeDate']) ?? 0) - (instantOf(a['changeDate']) ?? 0))[0];
}
