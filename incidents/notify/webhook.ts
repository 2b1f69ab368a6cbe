/** One transition as a signed Standard Webhook, and its sending to one endpoint. */
import type { Incident } from '../../core/incident.ts';
import { transitionId } from '../transition.ts';
import { type Answer, judgeAnswer } from './answer.ts';
import { webhookBody } from './body.ts';
import { cloudEventHeaders } from './cloud-event.ts';
import type { Endpoint } from './endpoint.ts';
import { exchange } from './exchange.ts';
import type { HttpRequest } from './request.ts';
import { signatureHeader } from './signature.ts';

/** Sends an incident as it stood at one transition. `now`: ms since 1970 UTC, signed as the time of this attempt. */
export type Send = (endpoint: Endpoint, incident: Incident, now: number) => Promise<Answer>;

/** The request of one attempt. @param now ms since 1970 UTC */
export function webhookRequest(endpoint: Endpoint, incident: Incident, now: number): HttpRequest {
  const body = webhookBody(incident, endpoint.maxBytes);
  const id = transitionId(incident);
  const timestamp = Math.floor(now / 1000);
  return {
    method: 'POST',
    url: endpoint.url,
    headers: {
      ...endpoint.headers,
      'content-type': 'application/json',
      ...(endpoint.cloudEvents ? cloudEventHeaders(incident) : {}),
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureHeader(id, timestamp, body, endpoint.secrets),
    },
    body,
  };
}

/**
 * POSTs the transition. The deadline covers everything from the look-up of the name to the status of the answer; redirects are not
 * followed; nothing that the answer says besides its status and Retry-After is looked at, kept or logged.
 */
export const sendWebhook: Send = async (endpoint, incident, now) => {
  const { status, error, headers } = await exchange(webhookRequest(endpoint, incident, now), {
    timeoutMs: (endpoint.timeoutSeconds ?? 15) * 1000,
    reach: endpoint.reach ?? 'any',
  });
  return status === 0 ? { outcome: 'retry', status: 0, error } : judgeAnswer(status, headers['retry-after'], now);
};
