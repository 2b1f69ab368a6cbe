/**
 * Alertmanager's API v2: Weir stands where Prometheus would. An alert is its label set: the same labels with an end in the past resolve it. Every
 * peer is told; one that takes it is enough for a delivery, since all are told again every few minutes ({@link alertmanagerPosts}): Alertmanager forgets its alerts when it
 * restarts, and ends those that nobody repeats. The severity is a label, so that routes can match it; when it changes, the old
 * alert is ended and the new one begun in one request.
 * Source: Alertmanager, api/v2/openapi.yaml.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { alertAnnotations, alertLabels, generatorUrl, type Labels } from './alert.ts';
import { type Answer, loginRules } from './answer.ts';
import { askRequest, below, type HttpRequest, jsonRequest, type Login } from './request.ts';
import { alertAction, jsonOf, judgeReply, nothingToSay, type Target, type Tools } from './target.ts';
import type { Texts } from './template.ts';

export interface AlertmanagerSettings {
  readonly name: string;
  /** Of each peer, without `/api/v2`. */
  readonly urls: readonly string[];
  readonly login: Login;
  readonly labels: Labels;
  /** How long an alert stands without being repeated. */
  readonly keepMinutes: number;
  readonly texts: Texts;
}

export interface PostedAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** An incident as a posted alert. @param now ms since 1970 UTC, from which it stands for `keepMinutes` while it is active */
export function postedAlert(settings: AlertmanagerSettings, incident: Incident, now: number): PostedAlert {
  const url = generatorUrl(incident);
  const active = isActive(incident.state);
  const end = active ? now + settings.keepMinutes * 60_000 : Math.min(now, Date.parse(incident.resolved_at ?? incident.updated_at));
  return {
    labels: alertLabels(incident, settings.labels),
    annotations: alertAnnotations(incident, settings.texts),
    startsAt: incident.opened_at,
    // An end before the beginning is refused.
    endsAt: new Date(Math.max(end, Date.parse(incident.opened_at))).toISOString(),
    ...(url === '' ? {} : { generatorURL: url }),
  };
}

/** The same request for each peer. */
export function alertmanagerPosts(settings: AlertmanagerSettings, alerts: readonly PostedAlert[]): HttpRequest[] {
  return settings.urls.map((url) => jsonRequest('POST', below(url, 'api', 'v2', 'alerts'), settings.login, alerts));
}

/** A group of Alertmanagers. @param secrets what must not be shown */
export function alertmanagerTarget(settings: AlertmanagerSettings, secrets: readonly string[]): Target {
  return {
    name: settings.name,
    type: 'alertmanager',
    place: settings.urls.map((url) => new URL(url).host).join(', '),
    probe: askRequest(below(settings.urls[0]!, 'api', 'v2', 'status'), settings.login),
    deliver: async (incident, tools) => {
      if (alertAction(incident) === 'none') return nothingToSay;
      try {
        return await told(settings, incident, tools, secrets);
      } catch {
        return { outcome: 'retry', status: 0, error: 'what was sent before could not be read or kept' };
      }
    },
  };
}

async function told(settings: AlertmanagerSettings, incident: Incident, tools: Tools, secrets: readonly string[]): Promise<Answer> {
  const alert = postedAlert(settings, incident, tools.now);
  const before = oldLabels((await tools.memory.recall(incident.incident_id))?.external_id);
  const now = new Date(Math.max(tools.now, Date.parse(incident.opened_at))).toISOString();
  const changed = before !== undefined && JSON.stringify(before) !== JSON.stringify(alert.labels);
  const alerts = changed ? [{ ...alert, labels: before, endsAt: now }, alert] : [alert];
  const answers = await Promise.all(
    alertmanagerPosts(settings, alerts).map(async (request) => judgeReply(await tools.send(request), tools.now, loginRules, secrets)),
  );
  const taken = answers.filter(({ outcome }) => outcome === 'delivered').length;
  if (taken === 0) return answers.find(({ outcome }) => outcome === 'retry') ?? answers[0]!;
  if (before === undefined || changed)
    await tools.memory.keep(incident.incident_id, { external_id: JSON.stringify(alert.labels), reference: '' });
  return taken === answers.length
    ? answers[0]!
    : {
        outcome: 'delivered',
        status: 200,
        note: `${answers.length - taken} of ${answers.length} peers did not take it; they are told again`,
      };
}

function oldLabels(text: string | undefined): Labels | undefined {
  const value = text === undefined ? undefined : jsonOf(text);
  return value as Labels | undefined;
}
