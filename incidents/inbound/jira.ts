/**
 * Webhooks of Jira, which name what changed in `changelog.items`. A label of the issue holds the incident's id. A status that the settings do not name
 * is taken by its category: new, indeterminate, done.
 * Source: Atlassian, Jira webhooks.
 */
import { isOwn, priorityOf, type Read, type ReadContext, statusOf, type TicketEvent, type TicketStatus } from './event.ts';
import { fieldsOf, incidentIdIn, instantOf, listOf, objectIn, textOf } from './json.ts';

const names: Readonly<Record<string, TicketStatus>> = {
  open: 'open',
  'to do': 'open',
  reopened: 'open',
  acknowledged: 'acknowledged',
  'in progress': 'in_progress',
  'work in progress': 'in_progress',
  pending: 'held',
  'on hold': 'held',
  'waiting for customer': 'held',
  'waiting for support': 'in_progress',
  resolved: 'resolved',
  closed: 'closed',
  done: 'closed',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  declined: 'cancelled',
  "won't do": 'cancelled',
};

const categories: Readonly<Record<string, TicketStatus>> = { new: 'open', indeterminate: 'in_progress', done: 'closed' };

/** Reads one delivery. */
export function readJira(body: string, context: ReadContext): Read {
  const whole = objectIn(body);
  const issue = fieldsOf(whole?.['issue']);
  const external_id = textOf(issue?.['id']) || textOf(issue?.['key']);
  if (whole === undefined || issue === undefined || external_id === '') return { unreadable: 'there is no issue with an id' };
  const kind = textOf(whole['webhookEvent']);
  const at = instantOf(whole['timestamp']) ?? context.receivedAt;
  const changelog = fieldsOf(whole['changelog']);
  const comment = fieldsOf(whole['comment']);
  const delivery_id =
    whole['timestamp'] === undefined
      ? context.fallbackId
      : [kind, external_id, at, textOf(changelog?.['id']) || textOf(comment?.['id'])].join('/');
  const fields = fieldsOf(issue['fields']) ?? {};
  const changed = new Set(listOf(changelog?.['items']).map((item) => textOf(fieldsOf(item)?.['field']).toLowerCase()));
  const status = changed.has('status') ? jiraStatus(fieldsOf(fields['status']), context.statuses) : undefined;
  const assignee = changed.has('assignee') ? jiraName(fieldsOf(fields['assignee'])) : undefined;
  const priority = changed.has('priority') ? priorityOf(textOf(fieldsOf(fields['priority'])?.['name'])) : undefined;
  const note = kind.startsWith('comment_created') || changelog === undefined ? textOf(comment?.['body'], 4_000) : '';
  if (status === undefined && assignee === undefined && priority === undefined && note === '') {
    return { ignored: `nothing to take from ${kind || 'it'}`, delivery_id };
  }
  const person = fieldsOf(comment?.['updateAuthor']) ?? fieldsOf(comment?.['author']) ?? fieldsOf(whole['user']) ?? {};
  const user = fieldsOf(whole['user']) ?? person;
  const actorIds = [user, person].flatMap((one) => ['accountId', 'name', 'emailAddress'].map((name) => textOf(one[name])));
  return {
    event: {
      delivery_id,
      external_id,
      reference: textOf(issue['key']) || external_id,
      incident_id:
        listOf(fields['labels'])
          .map(incidentIdIn)
          .find((id) => id !== '') ?? '',
      at,
      revision: Number(textOf(changelog?.['id'])) || 0,
      actor: jiraName(user) || 'jira',
      actorIds,
      echo: isOwn(note, actorIds, context.own),
      explicit: true,
      ...(status === undefined ? {} : { status }),
      ...(status === 'held' ? { reason: textOf(fieldsOf(fields['status'])?.['name']) } : {}),
      ...(assignee === undefined ? {} : { assignee }),
      ...(priority === undefined ? {} : { priority }),
      ...(note === '' ? {} : { note }),
    } satisfies TicketEvent,
  };
}

/** A status of Jira by its name, else by its category. */
export function jiraStatus(
  status: Readonly<Record<string, unknown>> | undefined,
  statuses: ReadContext['statuses'],
): TicketStatus | undefined {
  return (
    statusOf(textOf(status?.['name']), statuses, names) ?? statusOf(textOf(fieldsOf(status?.['statusCategory'])?.['key']), {}, categories)
  );
}

/** How Jira calls a person; empty = nobody. */
export const jiraName = (person: Readonly<Record<string, unknown>> | undefined): string =>
  textOf(person?.['displayName']) || textOf(person?.['name']) || textOf(person?.['accountId']);
