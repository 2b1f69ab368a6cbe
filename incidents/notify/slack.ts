/**
 * Slack: an incoming webhook, or a bot that posts with `chat.postMessage` and then keeps one message per incident with its changes in a thread. What an incident says
 * is plain text for Slack: no markup, mention or link of it takes effect.
 * Source: Slack, chat.postMessage, chat.update, incoming webhooks, block kit.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { type Answer, loginRules, webhookRules } from './answer.ts';
import { oneLine } from './cut.ts';
import type { Reply } from './exchange.ts';
import { type HttpRequest, jsonRequest, type Login } from './request.ts';
import { identityOf, jsonOf, judgeReply, type Remembered, type Target, type Tools } from './target.ts';
import { renderTemplate, type Template, type Texts } from './template.ts';
import { linkOf, type Words, wordsOf } from './words.ts';

export type SlackSettings = { readonly name: string; readonly texts: Texts } & (
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'bot'; readonly url: string; readonly token: string; readonly channel: string }
);

/** Limits of Slack, in characters. */
export const slackLimits = { text: 3_000, header: 150, section: 3_000, link: 2_000 } as const;

/** Colours of severity 1 to 5, and of what has ended. */
const colours = ['#b00020', '#d9480f', '#e8a200', '#f2d16b', '#7d8590'] as const;
const ended = '#2da44e';

/**
 * A text as Slack's markup has it: what would begin a mention or a link is escaped.
 * @example slackText('<!channel> & co') // '&lt;!channel&gt; &amp; co'
 */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A message about an incident. */
export function slackMessage(texts: Texts, incident: Incident, template: Template = texts.text): Readonly<Record<string, unknown>> {
  const words = wordsOf(incident);
  const title = oneLine(renderTemplate(texts.title, words, 1_000), slackLimits.header) || 'Weir incident';
  return {
    // What notifications and screen readers say.
    text: slackText(title).slice(0, slackLimits.text),
    unfurl_links: false,
    unfurl_media: false,
    attachments: [
      { color: isActive(incident.state) ? colours[incident.severity - 1] : ended, blocks: blocks(title, words, incident, template) },
    ],
  };
}

function blocks(title: string, words: Words, incident: Incident, template: Template): object[] {
  const body = renderTemplate(template, words, slackLimits.section);
  const link = linkOf(incident);
  return [
    { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
    ...(body === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text: body, emoji: false } }]),
    ...(link === '' || link.length > slackLimits.link
      ? []
      : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<${slackText(link)}|Open in Weir>`, verbatim: true }] }]),
  ];
}

/** The requests of a bot: the first message, or a reply in its thread and the message brought up to date. */
export function slackBotRequests(
  settings: Extract<SlackSettings, { kind: 'bot' }>,
  incident: Incident,
  thread: Remembered | undefined,
): HttpRequest[] {
  const login: Login = { kind: 'token', scheme: 'Bearer', token: settings.token };
  const post = (method: string, value: object): HttpRequest =>
    jsonRequest('POST', `${settings.url.replace(/\/+$/, '')}/${method}`, login, value, 'application/json; charset=utf-8');
  const message = slackMessage(settings.texts, incident);
  if (thread === undefined) return [post('chat.postMessage', { channel: settings.channel, ...message })];
  const [channel = '', ts = ''] = thread.external_id.split('/');
  const reply = slackMessage(settings.texts, incident, settings.texts.note);
  return [post('chat.postMessage', { channel, thread_ts: ts, ...reply }), post('chat.update', { channel, ts, ...message })];
}

/** Errors of Slack's methods that pass by, or that a person mends while the incident waits. */
const later = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'not_authed',
  'invalid_auth',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'missing_scope',
  'not_in_channel',
]);

/** Judges a reply of a method of Slack: the status is 200 even where it failed. */
export function judgeSlack(reply: Reply, now: number, secrets: readonly string[]): Answer {
  const answer = judgeReply(reply, now, loginRules, secrets);
  if (answer.outcome !== 'delivered') return answer;
  const value = jsonOf(reply.body);
  if (value?.['ok'] === true) return answer;
  const error = oneLine(String(value?.['error'] ?? 'no answer of Slack'), 100);
  return value === undefined || later.has(error)
    ? { outcome: 'retry', status: reply.status, error: `Slack: ${error}` }
    : { outcome: 'refused', status: reply.status, error: `Slack: ${error}` };
}

async function toldByBot(settings: Extract<SlackSettings, { kind: 'bot' }>, incident: Incident, tools: Tools): Promise<Answer> {
  const thread = await tools.memory.recall(incident.incident_id);
  let answer: Answer | undefined;
  for (const request of slackBotRequests(settings, incident, thread)) {
    const reply = await tools.send(request);
    answer = judgeSlack(reply, tools.now, [settings.token]);
    if (answer.outcome !== 'delivered') return answer;
    if (thread === undefined) {
      const value = jsonOf(reply.body);
      const [channel, ts] = [identityOf(value?.['channel']), identityOf(value?.['ts'])];
      if (channel !== undefined && ts !== undefined)
        await tools.memory.keep(incident.incident_id, { external_id: `${channel}/${ts}`, reference: '' });
    }
  }
  return answer!;
}

/** A channel of Slack. */
export function slackTarget(settings: SlackSettings): Target {
  const { name } = settings;
  const place = new URL(settings.url).host;
  if (settings.kind === 'webhook')
    return {
      name,
      type: 'slack',
      place,
      identity: settings.url,
      deliver: async (incident, tools) => {
        const request = jsonRequest('POST', settings.url, { kind: 'none' }, slackMessage(settings.texts, incident));
        return judgeReply(await tools.send(request), tools.now, webhookRules, [settings.url]);
      },
    };
  return {
    name,
    type: 'slack',
    place: `${place} ${settings.channel}`,
    probe: jsonRequest(
      'POST',
      `${settings.url.replace(/\/+$/, '')}/auth.test`,
      { kind: 'token', scheme: 'Bearer', token: settings.token },
      {},
    ),
    deliver: async (incident, tools) => {
      try {
        return await toldByBot(settings, incident, tools);
      } catch {
        return { outcome: 'retry', status: 0, error: 'the message of the incident could not be read or kept' };
      }
    },
  };
}
