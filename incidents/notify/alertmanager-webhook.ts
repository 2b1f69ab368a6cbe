/**
 * Body of Alertmanager's webhook receiver, version 4: for everything that takes alerts from Alertmanager. One alert in a group of its own; the group key and the
 * fingerprint name what is wrong, `resolved` ends it. What answers 5xx or 429 is asked again, as Alertmanager does; other 4xx never.
 * Source: Alertmanager, notify/webhook and template.Data.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { alertAnnotations, alertLabels, fingerprintOf, generatorUrl, type Labels } from './alert.ts';
import type { AnswerRules } from './answer.ts';
import { type HttpRequest, jsonRequest, type Login } from './request.ts';
import { alertAction, sendAll, type Target } from './target.ts';
import type { Texts } from './template.ts';

export interface AlertmanagerWebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly login: Login;
  readonly labels: Labels;
  /** Address of Weir, as `externalURL`. */
  readonly publicUrl: string;
  readonly texts: Texts;
}

/** Instant that stands for "not ended" in Go. */
const zeroTime = '0001-01-01T00:00:00Z';

const rules: AnswerRules = { later: new Set([408, 425, 429]), goneIsForEver: true };

/** The request of one transition; undefined = nothing to say. */
export function alertmanagerWebhookRequest(settings: AlertmanagerWebhookSettings, incident: Incident): HttpRequest | undefined {
  if (alertAction(incident) === 'none') return undefined;
  const status = isActive(incident.state) ? 'firing' : 'resolved';
  const labels = alertLabels(incident, settings.labels);
  const annotations = alertAnnotations(incident, settings.texts);
  const fingerprint = fingerprintOf(incident);
  return jsonRequest('POST', settings.url, settings.login, {
    version: '4',
    groupKey: `{}:{incident_key="${fingerprint}"}`,
    truncatedAlerts: 0,
    status,
    receiver: settings.name,
    groupLabels: { alertname: labels['alertname'] ?? '', incident_key: labels['incident_key'] ?? '' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: settings.publicUrl,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: incident.opened_at,
        endsAt: status === 'resolved' ? (incident.resolved_at ?? incident.updated_at) : zeroTime,
        generatorURL: generatorUrl(incident),
        fingerprint,
      },
    ],
  });
}

/** A receiver of Alertmanager's webhooks. @param secrets what must not be shown */
export function alertmanagerWebhookTarget(settings: AlertmanagerWebhookSettings, secrets: readonly string[]): Target {
  return {
    name: settings.name,
    type: 'alertmanager-webhook',
    place: new URL(settings.url).host,
    identity: settings.url,
    deliver: (incident, tools) => {
      const request = alertmanagerWebhookRequest(settings, incident);
      return sendAll(request === undefined ? [] : [request], tools, rules, secrets);
    },
  };
}
