/** Targets as the settings name them, with their secrets and templates read. */
import { WeirError } from '../../core/errors.ts';
import type { Settings, TargetOf, TargetSettings } from '../../core/settings/index.ts';
import { type AlertmanagerSettings, alertmanagerTarget } from '../../incidents/notify/alertmanager.ts';
import { alertmanagerWebhookTarget } from '../../incidents/notify/alertmanager-webhook.ts';
import { customersTarget } from '../../incidents/notify/customers.ts';
import { type EmailSettings, emailTarget } from '../../incidents/notify/email.ts';
import { jiraTarget } from '../../incidents/notify/jira.ts';
import { jsmAlertTarget } from '../../incidents/notify/jsm-alert.ts';
import { pagerDutyTarget } from '../../incidents/notify/pagerduty.ts';
import type { Login } from '../../incidents/notify/request.ts';
import { serviceNowEventTarget } from '../../incidents/notify/servicenow-event.ts';
import { serviceNowIncidentTarget } from '../../incidents/notify/servicenow-incident.ts';
import { secretProblem } from '../../incidents/notify/signature.ts';
import { slackTarget } from '../../incidents/notify/slack.ts';
import type { Target } from '../../incidents/notify/target.ts';
import { compileTemplate, defaultTexts, type Template, type Texts } from '../../incidents/notify/template.ts';
import { tmf621Target } from '../../incidents/notify/tmf621.ts';
import { secretOf, wholeFile } from '../pipeline/fetch-places.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every type that tells of incidents itself; a topic is told by the producer of the process. */
export type ToldSettings = Exclude<TargetSettings, { type: 'kafka' }>;

/**
 * One target, ready to be told.
 * @param connectors names of those by which the same system tells how its tickets stand
 * @throws WeirError config_invalid or file_unreadable, naming the setting and never a secret
 */
export function targetOf(
  name: string,
  settings: ToldSettings,
  publicUrl: string,
  environment: Environment,
  connectors: readonly string[] = [],
): Target {
  const at = `targets.${name}`;
  const texts = textsOf(at, settings.type === 'customers-webhook' ? {} : settings);
  const secret = (what: string, file: string | undefined, variable: string | undefined): string => {
    const value = secretOf(at, what, file, variable, environment);
    if (value) return value;
    throw new WeirError('config_invalid', `${at}: ${what} is missing`, { place: at, hint: `Add ${what}File or ${what}Env.` });
  };
  switch (settings.type) {
    case 'alertmanager-webhook': {
      const { url, labels } = settings;
      const { login, secrets } = loginOf(at, settings, environment);
      return alertmanagerWebhookTarget({ name, url, labels, login, publicUrl, texts }, secrets);
    }
    case 'alertmanager':
      return alertmanagerTarget(alertmanagerSettings(name, settings, environment), loginOf(at, settings, environment).secrets);
    case 'pagerduty': {
      const routingKey = secret('routingKey', settings.routingKeyFile, settings.routingKeyEnv);
      if (!/^[A-Za-z0-9]{32}$/.test(routingKey))
        throw new WeirError('config_invalid', `${at}: routingKey is not 32 letters and digits`, {
          place: at,
          hint: 'It is the integration key of a service with the integration "Events API V2".',
        });
      return pagerDutyTarget({ name, url: settings.url, routingKey, texts });
    }
    case 'jsm-alert':
      return jsmAlertTarget({
        name,
        url: settings.url,
        key: secret('key', settings.keyFile, settings.keyEnv),
        teams: settings.teams,
        texts,
      });
    case 'servicenow-event': {
      const { login, secrets } = loginOf(at, settings, environment);
      return serviceNowEventTarget({ ...settings, name, login, texts }, secrets);
    }
    case 'servicenow-incident': {
      const { login, secrets } = loginOf(at, settings, environment);
      return serviceNowIncidentTarget({ ...settings, name, login, texts }, secrets);
    }
    case 'tmf621': {
      const { login, secrets } = loginOf(at, settings, environment);
      return tmf621Target({ ...settings, name, login, connectors, texts }, secrets);
    }
    case 'jira': {
      const { login, secrets } = loginOf(at, settings, environment);
      const { beginTransition: begin, resolveTransition: resolve, reopenTransition: reopen } = settings;
      return jiraTarget({ ...settings, name, login, transitions: { begin, resolve, reopen }, texts }, secrets);
    }
    case 'slack':
      return slackOf(name, settings, texts, secret);
    case 'email':
      return emailTarget(emailSettings(name, settings, environment));
    case 'customers-webhook': {
      const signing = secret('secret', settings.secretFile, settings.secretEnv);
      const problem = secretProblem(signing);
      if (problem !== undefined)
        throw new WeirError('config_invalid', `${at}: the secret ${problem}`, {
          place: at,
          hint: 'Make one with: echo "whsec_$(openssl rand -base64 32)"',
        });
      return customersTarget({ name, url: settings.url, secret: signing, perPage: settings.perPage });
    }
  }
}

function slackOf(
  name: string,
  settings: TargetOf<'slack'>,
  texts: Texts,
  secret: (what: string, file: string | undefined, variable: string | undefined) => string,
): Target {
  const place = `targets.${name}`;
  const byBot = settings.tokenFile !== undefined || settings.tokenEnv !== undefined;
  if (byBot && settings.channel === undefined)
    throw new WeirError('config_invalid', `${place}: channel is missing`, { place, hint: 'A bot needs to know where to post.' });
  if (byBot)
    return slackTarget({
      kind: 'bot',
      name,
      texts,
      url: settings.url,
      token: secret('token', settings.tokenFile, settings.tokenEnv),
      channel: settings.channel ?? '',
    });
  const url = secret('webhookUrl', settings.webhookUrlFile, settings.webhookUrlEnv);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new WeirError('config_invalid', `${place}: webhookUrl is not an address`, {
      place,
      hint: 'It begins with https://hooks.slack.com/.',
    });
  return slackTarget({ kind: 'webhook', name, texts, url });
}

/** A cluster of Alertmanagers as its sender wants it. @throws WeirError */
export function alertmanagerSettings(name: string, settings: TargetOf<'alertmanager'>, environment: Environment): AlertmanagerSettings {
  const at = `targets.${name}`;
  const { urls, labels, keepMinutes } = settings;
  return { name, urls, labels, keepMinutes, login: loginOf(at, settings, environment).login, texts: textsOf(at, settings) };
}

/** A mail target as its sender wants it. @throws WeirError */
export function emailSettings(name: string, settings: TargetOf<'email'>, environment: Environment): EmailSettings {
  const at = `targets.${name}`;
  const { host, port, tls, caFile, user = '', from, to, timeoutSeconds } = settings;
  const password = secretOf(at, 'password', settings.passwordFile, settings.passwordEnv, environment) ?? '';
  if ((user === '') !== (password === ''))
    throw new WeirError('config_invalid', `${at}: user and password belong together`, {
      place: at,
      hint: 'Add user and passwordFile, or neither.',
    });
  const ca = caFile === undefined ? '' : wholeFile(caFile);
  return { name, host, port, tls, ca, user, password, from, to, timeoutMs: timeoutSeconds * 1000, texts: textsOf(at, settings) };
}

interface LoginSettings {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly tokenFile?: string;
  readonly tokenEnv?: string;
}

/** How one logs in to a target, and what must not be shown. @throws WeirError */
export function loginOf(at: string, settings: LoginSettings, environment: Environment): { login: Login; secrets: readonly string[] } {
  const password = secretOf(at, 'password', settings.passwordFile, settings.passwordEnv, environment);
  const token = secretOf(at, 'token', settings.tokenFile, settings.tokenEnv, environment);
  if (token && (settings.user || password))
    throw new WeirError('config_invalid', `${at}: log in by token or by user and password, not by both`, { place: at });
  if (token) return { login: { kind: 'token', scheme: 'Bearer', token }, secrets: [token] };
  if (!settings.user && !password) return { login: { kind: 'none' }, secrets: [] };
  if (!settings.user || !password)
    throw new WeirError('config_invalid', `${at}: user and password belong together`, { place: at, hint: 'Add user and passwordFile.' });
  return { login: { kind: 'basic', user: settings.user, password }, secrets: [password] };
}

function textsOf(at: string, settings: { readonly title?: string; readonly text?: string; readonly note?: string }): Texts {
  const read = (what: 'title' | 'text' | 'note'): Template => {
    const given = settings[what];
    if (given === undefined) return defaultTexts[what];
    const compiled = compileTemplate(given);
    if ('template' in compiled) return compiled.template;
    throw new WeirError('config_invalid', `${at}.${what}: ${compiled.problem}`, {
      place: `${at}.${what}`,
      hint: 'The words that a template may name stand in docs/notify.md.',
    });
  };
  return { title: read('title'), text: read('text'), note: read('note') };
}

/** Names of everything that is told of incidents, as routes and commands name it: webhooks, targets, the topic of incidents. */
export function targetNames({ webhooks, targets, kafka }: Pick<Settings, 'webhooks' | 'targets' | 'kafka'>): string[] {
  return [
    ...webhooks.map(({ name }) => name),
    ...Object.keys(targets),
    ...(kafka.incidentsTopic === '' ? [] : [`topic:${kafka.incidentsTopic}`]),
  ];
}

/** Reads every target, so that what is wrong with one is said before anything starts. @throws WeirError */
export function checkTargets(settings: Settings, environment: Environment): void {
  const names = targetNames(settings);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new WeirError('config_invalid', `targets.${twice}: a webhook or a target of that name is there already`, {
      place: `targets.${twice}`,
      hint: 'Routes call them by name.',
    });
  for (const [name, target] of Object.entries(settings.targets)) {
    if (target.type !== 'kafka') targetOf(name, target, settings.http.publicUrl, environment);
    else if (settings.kafka.brokers === '')
      throw new WeirError('config_invalid', `targets.${name}: kafka.brokers is empty`, {
        place: 'kafka.brokers',
        hint: 'Name the cluster.',
      });
  }
}
