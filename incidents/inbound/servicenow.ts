/**
 * Records of the table `incident` of ServiceNow as a business rule posts them: the record's fields as JSON, flat, or each as `{ value, display_value }`.
 * `correlation_id` holds the incident's id. Instants are GMT in whole seconds; `sys_mod_count` orders changes within one.
 * Source: ServiceNow, Table API and incident states.
 */
import { isOwn, priorityOf, type Read, type ReadContext, statusOf, type TicketEvent, type TicketStatus } from './event.ts';
import { fieldsOf, incidentIdIn, instantOf, objectIn, textOf } from './json.ts';

/** States of a record, by number and by name. */
export const serviceNowStates: Readonly<Record<string, TicketStatus>> = {
  '1': 'open',
  '2': 'in_progress',
  '3': 'held',
  '6': 'resolved',
  '7': 'closed',
  '8': 'cancelled',
  new: 'open',
  'in progress': 'in_progress',
  'on hold': 'held',
  resolved: 'resolved',
  closed: 'closed',
  canceled: 'cancelled',
  cancelled: 'cancelled',
};

/** Reads one delivery. */
export function readServiceNow(body: string, context: ReadContext): Read {
  const whole = objectIn(body);
  const record = fieldsOf(whole?.['result']) ?? fieldsOf(whole?.['record']) ?? whole;
  if (record === undefined) return { unreadable: 'there is no record' };
  const value = (name: string, most?: number): string => textOf(fieldsOf(record[name])?.['value'] ?? record[name], most);
  const shown = (name: string): string => textOf(fieldsOf(record[name])?.['display_value'] ?? record[name]);
  const external_id = value('sys_id');
  if (external_id === '') return { unreadable: 'the record has no sys_id' };
  const at = instantOf(value('sys_updated_on')) ?? context.receivedAt;
  const revision = Number(value('sys_mod_count')) || 0;
  const actor = value('sys_updated_by');
  const note = value('work_notes', 4_000) || value('comments', 4_000);
  const status = statusOf(value('state') || value('incident_state'), context.statuses, serviceNowStates);
  const reason = status === 'held' ? shown('hold_reason') || 'on hold' : value('close_notes', 4_000) || shown('close_code');
  const assignee = 'assigned_to' in record ? shown('assigned_to') : undefined;
  const priority = priorityOf(value('priority'));
  return {
    event: {
      // A record has one version per count of changes; with the instant it is told apart from a copy that was set back.
      delivery_id: value('sys_mod_count') === '' ? context.fallbackId : `${external_id}/${revision}/${at}`,
      external_id,
      reference: value('number') || external_id,
      incident_id: incidentIdIn(value('correlation_id')),
      at,
      revision,
      actor: actor || 'servicenow',
      actorIds: [actor],
      echo: isOwn(note, [actor], context.own),
      explicit: false,
      ...(status === undefined ? {} : { status }),
      ...(reason === '' ? {} : { reason }),
      ...(assignee === undefined ? {} : { assignee }),
      ...(priority === undefined ? {} : { priority }),
      ...(note === '' ? {} : { note }),
    } satisfies TicketEvent,
  };
}
