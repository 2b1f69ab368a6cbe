/** Sends one transition to one endpoint as a signed Standard Webhook. Never throws: what went wrong is the answer. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Incident } from '../../core/incident.ts';
import { transitionId } from '../transition.ts';
import { type Answer, judgeAnswer } from './answer.ts';
import { webhookBody } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { signatureHeader } from './signature.ts';

/** Bytes of an answer that are read, and thrown away, so that the connection can be ended in order. */
const longestAnswerRead = 16_384;

/** Sends an incident as it stood at one transition. `now`: ms since 1970 UTC, signed as the time of this attempt. */
export type Send = (endpoint: Endpoint, incident: Incident, now: number) => Promise<Answer>;

/**
 * POSTs the transition. The deadline covers everything from the look-up of the name to the status of the answer; redirects are not
 * followed; nothing that the answer says besides its status and Retry-After is looked at, kept or logged.
 */
export const sendWebhook: Send = (endpoint, incident, now) => {
  const body = webhookBody(incident, endpoint.maxBytes);
  const id = transitionId(incident);
  const timestamp = Math.floor(now / 1000);
  const headers = {
    ...endpoint.headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Weir',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureHeader(id, timestamp, body, endpoint.secrets),
  };
  return post(endpoint.url, body, { method: 'POST', headers, agent: false }, (endpoint.timeoutSeconds ?? 15) * 1000, now);
};

function post(url: string, body: string, options: RequestOptions, timeoutMs: number, now: number): Promise<Answer> {
  return new Promise((settle) => {
    const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.on('error', (error) => {
      clearTimeout(timer);
      settle({ outcome: 'retry', status: 0, error: networkError(error) });
    });
    request.on('response', (response) => {
      clearTimeout(timer);
      discard(response, timeoutMs);
      settle(judgeAnswer(response.statusCode ?? 0, response.headers['retry-after'], now));
    });
    request.end(body);
  });
}

/** Lets a short answer end and cuts a long or slow one off. */
function discard(response: IncomingMessage, timeoutMs: number): void {
  const timer = setTimeout(() => response.destroy(), Math.min(timeoutMs, 1_000));
  let read = 0;
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > longestAnswerRead) response.destroy();
  });
  // An answer that breaks off after its status has been judged already.
  response.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
}

/** The code alone where there is one: a message may carry the address with a token in it. */
function networkError(error: Error & { code?: string }): string {
  return error.code ?? (error.message.startsWith('no answer') ? error.message : error.name);
}
