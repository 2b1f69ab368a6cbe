/** Tells a chat that takes `{ "text": … }`: no signature, one line per change. */
import type { Incident } from '../../core/incident.ts';
import { webhookRules } from '../../incidents/notify/answer.ts';
import { type HttpRequest, jsonRequest } from '../../incidents/notify/request.ts';
import { judgeReply, type Target } from '../../incidents/notify/target.ts';
import { renderTemplate, type Texts } from '../../incidents/notify/template.ts';
import { wordsOf } from '../../incidents/notify/words.ts';

export interface ChatSettings {
  readonly name: string;
  readonly url: string;
  readonly texts: Texts;
}

/** What the chat takes, in characters. */
const longestText = 500;

/** The request of one change: pure, so that a test can look at it. */
export function chatRequest({ url, texts }: ChatSettings, incident: Incident): HttpRequest {
  return jsonRequest('POST', url, { kind: 'none' }, { text: renderTemplate(texts.title, wordsOf(incident), longestText) });
}

/** A chat. Its address lets anybody write there: it is shown nowhere. */
export function chatTarget(settings: ChatSettings): Target {
  return {
    name: settings.name,
    type: 'chat',
    place: new URL(settings.url).host,
    identity: settings.url,
    deliver: async (incident, { send, now }) => judgeReply(await send(chatRequest(settings, incident)), now, webhookRules, [settings.url]),
  };
}
