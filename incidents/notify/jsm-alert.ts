/**
 * Alerts of Jira Service Management (what was Opsgenie), by the integration API. The alias is the incident's id: creating it again while it is open only
 * raises a count, and acknowledge, note and close find it by the alias. Answers come at once (202) and work is done afterwards.
 * Source: Atlassian, Jira Service Management operations REST API, integration events.
 */
import type { Incident } from '../../core/incident.ts';
import { loginRules } from './answer.ts';
import { oneLine } from './cut.ts';
import { below, type HttpRequest, jsonRequest, type Login } from './request.ts';
import { alertAction, sendAll, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { wordsOf } from './words.ts';

export interface JsmAlertSettings {
  readonly name: string;
  /** …/jsm/ops/integration/v2/alerts */
  readonly url: string;
  readonly key: string;
  /** Ids of teams that are to respond. */
  readonly teams: readonly string[];
  readonly texts: Texts;
}

/** Limits of the API, in characters. */
export const jsmLimits = {
  message: 130,
  alias: 512,
  description: 15_000,
  note: 25_000,
  entity: 512,
  source: 100,
  user: 100,
  tag: 50,
} as const;

/** The requests of one transition, in order. */
export function jsmAlertRequests(settings: JsmAlertSettings, incident: Incident): HttpRequest[] {
  const action = alertAction(incident);
  if (action === 'none') return [];
  const login: Login = { kind: 'token', scheme: 'GenieKey', token: settings.key };
  const words = wordsOf(incident);
  const alias = oneLine(incident.incident_id, jsmLimits.alias);
  const said = {
    user: oneLine(words.actor, jsmLimits.user) || 'weir',
    source: 'Weir',
    note: renderTemplate(settings.texts.text, words, jsmLimits.note),
  };
  const about = (what: string): HttpRequest => jsonRequest('POST', `${below(settings.url, alias, what)}?identifierType=alias`, login, said);
  if (action === 'end') return [about('close')];
  if (action === 'acknowledge') return [about('acknowledge')];
  const created = jsonRequest('POST', settings.url, login, {
    message: oneLine(renderTemplate(settings.texts.title, words, 1_000), jsmLimits.message) || 'Weir incident',
    alias,
    description: renderTemplate(settings.texts.text, words, jsmLimits.description),
    ...(settings.teams.length > 0 ? { responders: settings.teams.map((id) => ({ type: 'team', id })) } : {}),
    tags: ['weir', words.category, words.detector].map((tag) => oneLine(tag.replaceAll(',', ' '), jsmLimits.tag)).filter(Boolean),
    details: { incident_id: words.incident_id, tenant: words.tenant, money: words.money, customers: words.customers, link: words.link },
    entity: oneLine(words.scope, jsmLimits.entity),
    source: 'Weir',
    priority: `P${incident.severity}`,
  });
  // The count alone would not tell what changed.
  return incident.transition === 'updated' ? [created, about('notes')] : [created];
}

/** Alerts of Jira Service Management. */
export function jsmAlertTarget(settings: JsmAlertSettings): Target {
  return {
    name: settings.name,
    type: 'jsm-alert',
    place: new URL(settings.url).host,
    deliver: (incident, tools) => sendAll(jsmAlertRequests(settings, incident), tools, loginRules, [settings.key]),
  };
}
