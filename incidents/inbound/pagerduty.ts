/**
 * Webhooks of PagerDuty, version 3. The dedup key of an alert is the incident's id; what came by the Events API, which is how Weir writes, has an
 * integration as its agent and is our own. The id of the event stands in the signed body, that of the header does not.
 * Source: PagerDuty, Webhooks v3 overview.
 */
import { isOwn, priorityOf, type Read, type ReadContext, type TicketEvent, type TicketStatus } from './event.ts';
import { fieldsOf, incidentIdIn, instantOf, listOf, objectIn, textOf } from './json.ts';

const statuses: Readonly<Record<string, TicketStatus>> = {
  'incident.triggered': 'open',
  'incident.unacknowledged': 'open',
  'incident.reopened': 'open',
  'incident.acknowledged': 'acknowledged',
  'incident.resolved': 'resolved',
};

const assigning = new Set(['incident.reassigned', 'incident.delegated', 'incident.escalated', 'incident.triggered']);

/** Reads one delivery. */
export function readPagerDuty(body: string, context: ReadContext): Read {
  const event = fieldsOf(objectIn(body)?.['event']);
  if (event === undefined) return { unreadable: 'there is no event' };
  const type = textOf(event['event_type']);
  const delivery_id = textOf(event['id']) || context.fallbackId;
  const data = fieldsOf(event['data']);
  const incident = type === 'incident.annotated' ? fieldsOf(data?.['incident']) : data;
  const external_id = textOf(incident?.['id']);
  if (!type.startsWith('incident.')) return { ignored: `an event of type ${type || 'none'}`, delivery_id };
  if (external_id === '') return { unreadable: 'the incident has no id' };
  const status = statuses[type];
  const assignee = assigning.has(type) ? textOf(fieldsOf(listOf(data?.['assignees'])[0])?.['summary']) : '';
  const priority = type === 'incident.priority_updated' ? priorityOf(textOf(fieldsOf(data?.['priority'])?.['summary'])) : undefined;
  const note = type === 'incident.annotated' ? textOf(data?.['content'], 4_000) : '';
  if (status === undefined && assignee === '' && priority === undefined && note === '')
    return { ignored: `nothing to take from ${type}`, delivery_id };
  const agent = fieldsOf(event['agent']);
  const actorIds = [textOf(agent?.['id']), textOf(agent?.['summary'])];
  const byIntegration = agent === undefined || textOf(agent['type']).includes('integration');
  return {
    event: {
      delivery_id,
      external_id,
      reference: textOf(incident?.['number']) || external_id,
      incident_id: incidentIdIn(incident?.['incident_key']),
      at: instantOf(event['occurred_at']) ?? context.receivedAt,
      revision: 0,
      actor: textOf(agent?.['summary']) || 'pagerduty',
      actorIds,
      echo: (byIntegration && status !== undefined) || isOwn(note, actorIds, context.own),
      explicit: true,
      ...(status === undefined ? {} : { status }),
      ...(assignee === '' ? {} : { assignee }),
      ...(priority === undefined ? {} : { priority }),
      ...(note === '' ? {} : { note }),
    } satisfies TicketEvent,
  };
}
