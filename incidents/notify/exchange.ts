/** Sends one HTTP request and reads the beginning of the answer. Never throws: what went wrong is the answer. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup, type Reach, type Resolver, refusesHost } from './addresses.ts';
import type { HttpRequest } from './request.ts';

/** What came back. `status` 0 = nothing did, and `error` says why. */
export interface Reply {
  readonly status: number;
  readonly error: string;
  readonly headers: IncomingHttpHeaders;
  /** Beginning of the body; empty when nobody wants to read it. */
  readonly body: string;
}

export interface ExchangeOptions {
  /** Deadline from the look-up of the name to the end of what is read. */
  readonly timeoutMs: number;
  readonly reach?: Reach;
  /** Bytes of the body that are read; 0 = only the status is wanted. */
  readonly readBytes?: number;
  /** For tests. */
  readonly resolver?: Resolver;
}

/** Exchanges one request for a reply. */
export type Exchange = (request: HttpRequest, options: ExchangeOptions) => Promise<Reply>;

/** Bytes of an answer that nobody reads which are thrown away, so that the connection can be ended in order. */
const longestDiscarded = 16_384;

/**
 * Sends a request. Redirects are not followed; connections are not kept; an answer that is longer than what is wanted is cut off.
 * Errors are said by their code: a message may carry the address with a token in it.
 */
export const exchange: Exchange = (request, options) =>
  new Promise((settle) => {
    try {
      exchanged(request, options, settle);
    } catch (error) {
      // An address or a header that cannot be sent.
      settle(nothing(networkError(error as Error)));
    }
  });

const nothing = (error: string): Reply => ({ status: 0, error, headers: {}, body: '' });

function exchanged(request: HttpRequest, options: ExchangeOptions, settle: (reply: Reply) => void): void {
  const { timeoutMs, reach = 'any', readBytes = 0 } = options;
  const url = new URL(request.url);
  if (reach === 'public' && refusesHost(url.hostname)) {
    settle(nothing('ADDRESS_NOT_PUBLIC'));
    return;
  }
  const lengths = request.method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
  const how: RequestOptions = {
    method: request.method,
    headers: { ...request.headers, ...lengths, 'user-agent': 'Weir' },
    agent: false,
    ...(reach === 'public' ? { lookup: publicLookup(options.resolver) } : {}),
  };
  const sent = url.protocol === 'https:' ? httpsRequest(url, how) : httpRequest(url, how);
  const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  sent.on('error', (error) => {
    clearTimeout(timer);
    settle(nothing(networkError(error)));
  });
  sent.on('response', (response) => {
    const reply = { status: response.statusCode ?? 0, error: '', headers: response.headers };
    if (readBytes > 0) {
      read(response, readBytes, (body) => {
        clearTimeout(timer);
        settle({ ...reply, body });
      });
      return;
    }
    clearTimeout(timer);
    discard(response, timeoutMs);
    settle({ ...reply, body: '' });
  });
  sent.end(request.body);
}

/** Reads at most so many bytes; an answer that breaks off counts as far as it came. */
function read(response: IncomingMessage, most: number, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const end = (): void => done(Buffer.concat(chunks).subarray(0, most).toString('utf8'));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', end);
}

/** Lets a short answer end and cuts a long or slow one off. */
function discard(response: IncomingMessage, timeoutMs: number): void {
  const timer = setTimeout(() => response.destroy(), Math.min(timeoutMs, 1_000));
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > longestDiscarded) response.destroy();
  });
  // An answer that breaks off after its status has been judged already.
  response.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
}

function networkError(error: Error & { code?: string }): string {
  return error.code ?? (error.message.startsWith('no answer') ? error.message : error.name);
}
