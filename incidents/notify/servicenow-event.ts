/**
 * Events of ServiceNow Event Management (`em_event`), by the JSON collector. The message key is what is wrong: an event with it updates its alert, one with severity
 * 0 and `Closing` ends it, a later one opens it again.
 * Source: ServiceNow, Event Management, send events via web service.
 */
import type { Incident } from '../../core/incident.ts';
import { loginRules } from './answer.ts';
import { oneLine } from './cut.ts';
import { askRequest, below, type HttpRequest, jsonRequest, type Login } from './request.ts';
import { alertAction, sendAll, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { wordsOf } from './words.ts';

export interface ServiceNowEventSettings {
  readonly name: string;
  /** Address of the instance. */
  readonly url: string;
  readonly login: Login;
  /** Name of this source of events. */
  readonly source: string;
  /** Labels of a scope that name the node, the first one that is there. */
  readonly nodeLabels: readonly string[];
  readonly texts: Texts;
}

/** Lengths of the columns of em_event, in characters. */
export const serviceNowEventLimits = { name: 100, messageKey: 1_024, description: 4_000 } as const;

/** The request of one transition; undefined = nothing to say. */
export function serviceNowEventRequest(settings: ServiceNowEventSettings, incident: Incident): HttpRequest | undefined {
  const action = alertAction(incident);
  if (action === 'none' || action === 'acknowledge') return undefined;
  const words = wordsOf(incident);
  const name = (text: string): string => oneLine(text, serviceNowEventLimits.name);
  const { scope } = incident.finding;
  const node = settings.nodeLabels.map((label) => scope[label]).find((value) => value !== undefined && value !== '');
  const { summary: _summary, note: _note, ...facts } = words;
  const record = {
    source: name(settings.source),
    event_class: name(`Weir ${words.tenant}`),
    node: name(String(node ?? words.tenant)),
    resource: name(words.scope),
    metric_name: name(words.metric),
    type: name(words.detector),
    message_key: oneLine(`${incident.tenant}/${incident.incident_key}`, serviceNowEventLimits.messageKey),
    severity: action === 'end' ? '0' : String(incident.severity),
    resolution_state: action === 'end' ? 'Closing' : 'New',
    time_of_event: incident.updated_at.slice(0, 19).replace('T', ' '),
    description: renderTemplate(settings.texts.text, words, serviceNowEventLimits.description),
    // A JSON text within JSON: the collector takes no object here.
    additional_info: JSON.stringify(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''))),
  };
  return jsonRequest('POST', below(settings.url, 'api', 'global', 'em', 'jsonv2'), settings.login, { records: [record] });
}

/** Event Management of a ServiceNow instance. @param secrets what must not be shown */
export function serviceNowEventTarget(settings: ServiceNowEventSettings, secrets: readonly string[]): Target {
  return {
    name: settings.name,
    type: 'servicenow-event',
    place: new URL(settings.url).host,
    probe: askRequest(`${below(settings.url, 'api', 'now', 'table', 'em_event')}?sysparm_limit=1&sysparm_fields=sys_id`, settings.login),
    deliver: (incident, tools) => {
      const request = serviceNowEventRequest(settings, incident);
      return sendAll(request === undefined ? [] : [request], tools, loginRules, secrets);
    },
  };
}
