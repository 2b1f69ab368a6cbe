/** Sends a transition to a chat that takes `{ "text": … }`: no signature, one line per change. */
import type { Incident } from '../../core/incident.ts';
import { judgeAnswer } from '../../incidents/notify/answer.ts';
import type { Send } from '../../incidents/notify/webhook.ts';

/**
 * The line in the chat.
 * @example chatText({ severity: 2, transition: 'opened', title: 'File sequence gap: msc-1', summary: 'Two files missing.', incident_id: 'inc_1' })
 * // '[2] opened: File sequence gap: msc-1. Two files missing. (inc_1)'
 */
export function chatText({
  severity,
  transition,
  title,
  summary,
  incident_id,
}: Pick<Incident, 'severity' | 'transition' | 'title' | 'summary' | 'incident_id'>): string {
  return `[${severity}] ${transition}: ${title}. ${summary} (${incident_id})`;
}

/** POSTs the line. Never throws: what went wrong is the answer, and the outbox decides when to try again. */
export const sendChat: Send = async (endpoint, incident, now) => {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...endpoint.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ text: chatText(incident) }),
      signal: AbortSignal.timeout((endpoint.timeoutSeconds ?? 15) * 1000),
    });
    await response.body?.cancel();
    return judgeAnswer(response.status, response.headers.get('retry-after') ?? undefined, now);
  } catch (error) {
    return { outcome: 'retry', status: 0, error: error instanceof Error ? error.name : 'unknown' };
  }
};
