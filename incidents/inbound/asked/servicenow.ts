/**
 * Asks a ServiceNow instance for records of the table incident, by the Table API: up to 50 with one request. A record says who changed it last and when,
 * not who changed what: where that was Weir itself, the instant of a status is known only for `resolved_at` and `closed_at`.
 * Source: ServiceNow, Table API.
 */
import { askRequest, below, type Login } from '../../notify/request.ts';
import { isOwn, priorityOf, statusOf } from '../event.ts';
import { fieldsOf, incidentIdIn, instantOf, listOf, objectIn, textOf } from '../json.ts';
import { serviceNowStates } from '../servicenow.ts';
import type { AskedSystem, StateContext, Stated, TicketState } from './system.ts';

/** Records that one request asks for: their ids have to fit into its address. */
const perRequest = 50;
const fields = [
  ...['sys_id', 'number', 'correlation_id', 'state', 'hold_reason', 'priority', 'assigned_to', 'close_code', 'close_notes'],
  ...['resolved_at', 'closed_at', 'sys_updated_on', 'sys_updated_by'],
].join(',');

/** An instance. @param url its address */
export function askedServiceNow(url: string, login: Login): AskedSystem {
  const table = below(url, 'api', 'now', 'v1', 'table', 'incident');
  return {
    ask: (tickets) =>
      Array.from({ length: Math.ceil(tickets.length / perRequest) }, (_, page) => {
        const ids = tickets
          .slice(page * perRequest, (page + 1) * perRequest)
          .map(({ external_id }) => external_id.replaceAll(/[^\w-]/g, ''));
        const query = encodeURIComponent(`sys_idIN${ids.join(',')}`);
        return askRequest(
          `${table}?sysparm_query=${query}&sysparm_display_value=all&sysparm_fields=${fields}&sysparm_limit=${perRequest}`,
          login,
        );
      }),
    states: (body, context) =>
      listOf(objectIn(body)?.['result']).flatMap((record) => {
        const state = stateOf(fieldsOf(record), context);
        return state === undefined ? [] : [state];
      }),
  };
}

function stateOf(record: Readonly<Record<string, unknown>> | undefined, context: StateContext): TicketState | undefined {
  const value = (name: string, most?: number): string => textOf(fieldsOf(record?.[name])?.['value'] ?? record?.[name], most);
  const shown = (name: string): string => textOf(fieldsOf(record?.[name])?.['display_value'] ?? record?.[name]);
  const external_id = value('sys_id');
  if (record === undefined || external_id === '') return undefined;
  const actor = value('sys_updated_by');
  const own = isOwn('', [actor], context.own);
  const updated = instantOf(value('sys_updated_on'));
  // What Weir wrote last hides who wrote before.
  const by = own || updated === undefined ? {} : { at: updated };
  const said = { actor: own ? 'servicenow' : actor || 'servicenow', own: false, ...by };
  const status = statusOf(value('state'), context.statuses, serviceNowStates);
  const ended = status === 'resolved' ? instantOf(value('resolved_at')) : status === 'closed' ? instantOf(value('closed_at')) : undefined;
  const reason = status === 'held' ? shown('hold_reason') || 'on hold' : value('close_notes', 4_000) || shown('close_code');
  const priority = priorityOf(value('priority'));
  return {
    external_id,
    reference: value('number') || external_id,
    incident_id: incidentIdIn(value('correlation_id')),
    ...(status === undefined
      ? {}
      : {
          status: {
            value: status,
            ...said,
            ...(ended === undefined ? {} : { at: ended }),
            ...(reason === '' ? {} : { reason }),
          } satisfies Stated<typeof status>,
        }),
    ...('assigned_to' in record ? { assignee: { value: shown('assigned_to'), ...said } } : {}),
    ...(priority === undefined ? {} : { priority: { value: priority, ...said } }),
  };
}
