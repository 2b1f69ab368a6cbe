/**
 * PagerDuty Events API v2. The dedup key is the incident's id: trigger, acknowledge and resolve with it meet the same alert; after a resolve a
 * trigger opens a new one. 400 says that the event itself is wrong and is never asked again; 429 and 5xx are.
 * Source: PagerDuty, Events API v2 overview.
 */
import type { Incident } from '../../core/incident.ts';
import type { AnswerRules } from './answer.ts';
import { oneLine } from './cut.ts';
import { type HttpRequest, jsonRequest } from './request.ts';
import { type AlertAction, alertAction, sendAll, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { linkOf, wordsOf } from './words.ts';

export interface PagerDutySettings {
  readonly name: string;
  readonly url: string;
  readonly routingKey: string;
  readonly texts: Texts;
}

/** Limits of PagerDuty, in characters and, the last one, bytes. */
export const pagerDutyLimits = { summary: 1_024, dedupKey: 255, field: 255, details: 16_000, body: 512_000 } as const;

const rules: AnswerRules = { later: new Set([408, 429]), goneIsForEver: false };

const actions: Readonly<Record<Exclude<AlertAction, 'none'>, string>> = { fire: 'trigger', acknowledge: 'acknowledge', end: 'resolve' };

/** Severity 1 to 5 in PagerDuty's words. */
const severities = ['critical', 'error', 'warning', 'warning', 'info'] as const;

/** The request of one transition; undefined = nothing to say. */
export function pagerDutyRequest(settings: PagerDutySettings, incident: Incident): HttpRequest | undefined {
  const action = alertAction(incident);
  if (action === 'none') return undefined;
  const event = {
    routing_key: settings.routingKey,
    event_action: actions[action],
    dedup_key: oneLine(incident.incident_id, pagerDutyLimits.dedupKey),
  };
  return jsonRequest('POST', settings.url, { kind: 'none' }, action === 'fire' ? { ...event, ...described(settings, incident) } : event);
}

function described(settings: PagerDutySettings, incident: Incident): object {
  const words = wordsOf(incident);
  const field = (text: string): string => oneLine(text, pagerDutyLimits.field);
  const href = linkOf(incident);
  const details = Object.entries(words).filter(([name, value]) => value !== '' && name !== 'summary' && name !== 'link');
  return {
    payload: {
      summary: oneLine(renderTemplate(settings.texts.title, words, pagerDutyLimits.summary), pagerDutyLimits.summary) || 'Weir incident',
      source: field(words.tenant) || 'weir',
      severity: severities[incident.severity - 1] ?? 'warning',
      timestamp: incident.updated_at,
      component: field(words.scope),
      group: field(words.category),
      class: field(words.detector),
      custom_details: { text: renderTemplate(settings.texts.text, words, pagerDutyLimits.details), ...Object.fromEntries(details) },
    },
    client: 'Weir',
    ...(href === '' ? {} : { client_url: href, links: [{ href, text: 'Incident in Weir' }] }),
  };
}

/** A service of PagerDuty. */
export function pagerDutyTarget(settings: PagerDutySettings): Target {
  return {
    name: settings.name,
    type: 'pagerduty',
    place: new URL(settings.url).host,
    deliver: (incident, tools) => {
      const request = pagerDutyRequest(settings, incident);
      return sendAll(request === undefined ? [] : [request], tools, rules, [settings.routingKey]);
    },
  };
}
