/**
 * Asks Jira for issues with their history, which names who changed what and when: one request for each, by the REST API version 2.
 * Source: Atlassian, Jira REST API v2, get issue, expand=changelog.
 */
import { askRequest, below, type Login } from '../../notify/request.ts';
import { isOwn, priorityOf } from '../event.ts';
import { jiraName, jiraStatus } from '../jira.ts';
import { fieldsOf, incidentIdIn, instantOf, listOf, objectIn, objectsOf, textOf } from '../json.ts';
import type { AskedSystem, StateContext, TicketState } from './system.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A site. @param url its address */
export function askedJira(url: string, login: Login): AskedSystem {
  return {
    ask: (tickets) =>
      tickets.map(({ external_id }) =>
        askRequest(
          `${below(url, 'rest', 'api', '2', 'issue', external_id)}?fields=status,assignee,priority,labels&expand=changelog`,
          login,
        ),
      ),
    states: (body, context) => {
      const state = stateOf(objectIn(body), context);
      return state === undefined ? [] : [state];
    },
  };
}

function stateOf(issue: Fields | undefined, context: StateContext): TicketState | undefined {
  const external_id = textOf(issue?.['id']) || textOf(issue?.['key']);
  const fields = fieldsOf(issue?.['fields']);
  if (fields === undefined || external_id === '') return undefined;
  const histories = objectsOf(fieldsOf(issue?.['changelog'])?.['histories']);
  const last = (field: string): { at?: number; actor: string; own: boolean } | undefined => {
    const changed = histories.filter(({ items }) => objectsOf(items).some((item) => textOf(item['field']).toLowerCase() === field));
    const [latest] = changed.sort((a, b) => (instantOf(b['created']) ?? 0) - (instantOf(a['created']) ?? 0));
    if (latest === undefined) return undefined;
    const author = fieldsOf(latest['author']) ?? {};
    const at = instantOf(latest['created']);
    const ids = ['accountId', 'name', 'emailAddress'].map((name) => textOf(author[name]));
    return { ...(at === undefined ? {} : { at }), actor: jiraName(author) || 'jira', own: isOwn('', ids, context.own) };
  };
  // What was never changed is as it was made.
  const [moved, assigned, ranked] = [last('status'), last('assignee'), last('priority')];
  const status = moved === undefined ? undefined : jiraStatus(fieldsOf(fields['status']), context.statuses);
  const priority = ranked === undefined ? undefined : priorityOf(textOf(fieldsOf(fields['priority'])?.['name']));
  return {
    external_id,
    reference: textOf(issue?.['key']) || external_id,
    incident_id:
      listOf(fields['labels'])
        .map(incidentIdIn)
        .find((id) => id !== '') ?? '',
    ...(status === undefined || moved === undefined
      ? {}
      : { status: { value: status, ...moved, ...(status === 'held' ? { reason: textOf(fieldsOf(fields['status'])?.['name']) } : {}) } }),
    ...(assigned === undefined ? {} : { assignee: { value: jiraName(fieldsOf(fields['assignee'])), ...assigned } }),
    ...(priority === undefined || ranked === undefined ? {} : { priority: { value: priority, ...ranked } }),
  };
}
