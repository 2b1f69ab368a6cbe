/**
 * Asks PagerDuty's REST API for incidents by their key, which is the incident's id: one request for each. The last change of the status names who made it; an
 * integration is how Weir writes. A token of this API is another secret than the key of the Events API.
 * Source: PagerDuty, REST API v2, list incidents.
 */
import { below, type HttpRequest } from '../../notify/request.ts';
import { isOwn, priorityOf, type TicketStatus } from '../event.ts';
import { fieldsOf, incidentIdIn, instantOf, objectIn, objectsOf, textOf } from '../json.ts';
import type { AskedSystem, StateContext, TicketState } from './system.ts';

const statuses: Readonly<Record<string, TicketStatus>> = { triggered: 'open', acknowledged: 'acknowledged', resolved: 'resolved' };

/** An account. @param url of the REST API */
export function askedPagerDuty(url: string, token: string): AskedSystem {
  return {
    ask: (tickets) =>
      tickets.map(
        ({ incident_id }): HttpRequest => ({
          method: 'GET',
          url: `${below(url, 'incidents')}?date_range=all&incident_key=${encodeURIComponent(incident_id)}&limit=5`,
          headers: { authorization: `Token token=${token}`, accept: 'application/vnd.pagerduty+json;version=2' },
          body: '',
        }),
      ),
    states: (body, context) => {
      const all = [...objectsOf(objectIn(body)?.['incidents'])];
      // After a resolve the same key opens another one: the latest counts.
      const [latest] = all.sort((a, b) => (instantOf(b['created_at']) ?? 0) - (instantOf(a['created_at']) ?? 0));
      const state = stateOf(latest, context);
      return state === undefined ? [] : [state];
    },
  };
}

function stateOf(incident: Readonly<Record<string, unknown>> | undefined, context: StateContext): TicketState | undefined {
  const external_id = textOf(incident?.['id']);
  if (incident === undefined || external_id === '') return undefined;
  const status = statuses[textOf(incident['status'])];
  const by = fieldsOf(incident['last_status_change_by']);
  const name = textOf(by?.['summary']);
  const own = !textOf(by?.['type']).startsWith('user') || isOwn('', [textOf(by?.['id']), name], context.own);
  const at = instantOf(incident['last_status_change_at']);
  const assignment = objectsOf(incident['assignments'])[0];
  const assigned = instantOf(assignment?.['at']);
  const assignee = textOf(fieldsOf(assignment?.['assignee'])?.['summary']);
  const priority = priorityOf(textOf(fieldsOf(incident['priority'])?.['summary']));
  return {
    external_id,
    reference: textOf(incident['incident_number']) || external_id,
    incident_id: incidentIdIn(incident['incident_key']),
    ...(status === undefined ? {} : { status: { value: status, actor: name || 'pagerduty', own, ...(at === undefined ? {} : { at }) } }),
    ...(assignee === ''
      ? {}
      : { assignee: { value: assignee, actor: 'pagerduty', own: false, ...(assigned === undefined ? {} : { at: assigned }) } }),
    ...(priority === undefined ? {} : { priority: { value: priority, actor: 'pagerduty', own: false } }),
  };
}
