/**
 * Incidents of ServiceNow, by the Table API. `correlation_id` holds the incident's id, by which the record is found again; what changes goes into the
 * work notes, which customers do not see. A record that is closed may refuse a change by its instance's rules: such a refusal is a dead letter, not a second record.
 * Source: ServiceNow, Table API.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { oneLine } from './cut.ts';
import type { Reply } from './exchange.ts';
import { askRequest, below, type HttpRequest, jsonRequest, type Login } from './request.ts';
import { identityOf, jsonOf, type Remembered, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { deliverTicket, noteText, type OnRecovery, type TicketSystem } from './ticket.ts';
import { wordsOf } from './words.ts';

export interface ServiceNowIncidentSettings {
  readonly name: string;
  /** Address of the instance. */
  readonly url: string;
  readonly login: Login;
  readonly onRecovery: OnRecovery;
  /** Resolution code that the instance knows. */
  readonly closeCode: string;
  /** Further columns of a new record: assignment_group, category, caller_id, … */
  readonly fields: Readonly<Record<string, string>>;
  readonly texts: Texts;
}

/** Lengths of the columns of the table incident, in characters. */
export const serviceNowIncidentLimits = { short: 160, correlation: 100, text: 4_000 } as const;

/** Urgency and impact of severity 1 to 5: their product is the priority, 1 to 5, as the usual look-up table has it. */
const urgencyAndImpact = [
  ['1', '1'],
  ['1', '2'],
  ['2', '2'],
  ['2', '3'],
  ['3', '3'],
] as const;

const states = { inProgress: '2', resolved: '6', closed: '7' } as const;

/** The record that a new incident makes. */
export function serviceNowRecord(settings: ServiceNowIncidentSettings, incident: Incident): Readonly<Record<string, string>> {
  const words = wordsOf(incident);
  return {
    ...settings.fields,
    ...ranked(incident),
    short_description: oneLine(renderTemplate(settings.texts.title, words, 1_000), serviceNowIncidentLimits.short) || 'Weir incident',
    description: renderTemplate(settings.texts.text, words, serviceNowIncidentLimits.text),
    correlation_id: oneLine(incident.incident_id, serviceNowIncidentLimits.correlation),
    correlation_display: 'Weir',
  };
}

function ranked(incident: Incident): { urgency: string; impact: string } {
  const [urgency, impact] = urgencyAndImpact[incident.severity - 1] ?? urgencyAndImpact[3];
  return { urgency, impact };
}

/** The change of a record that a transition makes. */
export function serviceNowChange(settings: ServiceNowIncidentSettings, incident: Incident): Readonly<Record<string, string>> {
  const note = noteText(incident, settings.texts.note, wordsOf(incident), serviceNowIncidentLimits.text);
  const ended = !isActive(incident.state);
  if (ended && settings.onRecovery === 'resolve' && incident.transition !== 'commented') {
    const closed = incident.state === 'closed';
    return {
      work_notes: note,
      state: closed ? states.closed : states.resolved,
      close_code: settings.closeCode,
      close_notes: note,
    };
  }
  if (ended) return { work_notes: note };
  // What people resolved there while it still stands is not begun anew: it is said.
  const resolved = incident.ticket_resolved_at !== undefined;
  const begun =
    (incident.transition === 'in_progress' && !resolved) || (incident.transition === 'reopened' && settings.onRecovery === 'resolve');
  return { work_notes: note, ...ranked(incident), ...(begun ? { state: states.inProgress } : {}) };
}

/** The table of incidents as a ticket system. */
export function serviceNowIncidents(settings: ServiceNowIncidentSettings, secrets: readonly string[]): TicketSystem {
  const { login } = settings;
  const table = below(settings.url, 'api', 'now', 'v1', 'table', 'incident');
  const fields = 'sysparm_fields=sys_id,number,correlation_id';
  return {
    secrets,
    cannotSearch: new Set(),
    find: (incident) => {
      // `^` joins conditions of a query; an id of ours has none.
      const query = `correlation_id=${incident.incident_id.replaceAll('^', '')}^ORDERBYDESCsys_created_on`;
      return askRequest(`${table}?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=1&${fields}`, login);
    },
    found: (reply, incident) => {
      const [first] = (jsonOf(reply.body)?.['result'] as readonly Readonly<Record<string, unknown>>[] | undefined) ?? [];
      return first?.['correlation_id'] === incident.incident_id ? ticketOf(first) : undefined;
    },
    create: (incident) => jsonRequest('POST', `${table}?${fields}`, login, serviceNowRecord(settings, incident)),
    created: (reply) => ticketOf(jsonOf(reply.body)?.['result']) ?? locationOf(reply),
    // Of a journal the newest entries come first.
    said: (ticket) => askRequest(`${below(table, ticket.external_id)}?sysparm_display_value=true&sysparm_fields=work_notes`, login),
    // Note and state are one request: where one is, the other is.
    update: (incident, ticket, _current, noted) =>
      noted || incident.transition === 'opened'
        ? []
        : [jsonRequest('PATCH', `${below(table, ticket.external_id)}?${fields}`, login, serviceNowChange(settings, incident))],
  };
}

function ticketOf(record: unknown): Remembered | undefined {
  const { sys_id, number } = (record ?? {}) as Readonly<Record<string, unknown>>;
  const id = identityOf(sys_id);
  return id === undefined ? undefined : { external_id: id, reference: identityOf(number) ?? '' };
}

/** The record is named by the header Location too, whatever the body says. */
function locationOf(reply: Reply): Remembered | undefined {
  const id = identityOf(/\/([0-9a-f]{32})$/.exec(String(reply.headers['location'] ?? ''))?.[1]);
  return id === undefined ? undefined : { external_id: id, reference: '' };
}

/** Incidents of a ServiceNow instance. @param secrets what must not be shown */
export function serviceNowIncidentTarget(settings: ServiceNowIncidentSettings, secrets: readonly string[]): Target {
  const system = serviceNowIncidents(settings, secrets);
  const probe: HttpRequest = askRequest(
    `${below(settings.url, 'api', 'now', 'v1', 'table', 'incident')}?sysparm_limit=1&sysparm_fields=sys_id`,
    settings.login,
  );
  return {
    name: settings.name,
    type: 'servicenow-incident',
    place: new URL(settings.url).host,
    probe,
    deliver: (incident, tools) => deliverTicket(system, incident, tools),
  };
}
