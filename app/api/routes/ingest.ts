/** Posted batches, handed on to the ingest process as they stream in. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers, ErrorBody, SourceName } from '../schemas.ts';

/** From the first byte of the body to the answer, in ms. */
const deadlineMs = 180_000;
/** How long a body that was refused is still read, so that the client sees the answer, in ms. */
const lingerMs = 2000;
const largestAnswer = 4 * 1_048_576;

const Accepted = Type.Object(
  {
    read: Type.Integer({ description: 'Records of the body' }),
    accepted: Type.Integer({ description: 'Stored' }),
    rejected: Type.Integer({ description: 'Rejected, kept with their bytes' }),
    dropped: Type.Integer({ description: 'Left out by a rule' }),
    replayed: Type.Boolean({ description: 'The same body was taken before under the same key' }),
    rejects: Type.Array(Type.Object({}, { additionalProperties: true }), {
      description: 'The first thousand rejects with position and reason',
    }),
  },
  { additionalProperties: true, description: 'Everything is stored' },
);

export async function ingestRoutes(api: Api, context: ApiContext): Promise<void> {
  const { settings, sockets } = context;
  let inWork = 0;
  // The body stays a stream, whatever its type.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  api.post(
    '/ingest/:source',
    {
      config: { access: 'ingest' },
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        tags: ['ingest'],
        summary: 'Post a batch of records: JSON, NDJSON or CSV as the source is configured; gzip and deflate too',
        description:
          'The whole batch is stored when the answer is 202: records that could not be read are stored as rejects and listed. Send Idempotency-Key, or leave it out to have one made of the body: a batch that is posted again stores nothing twice.',
        params: Type.Object({ source: SourceName }),
        headers: Type.Object(
          {
            'idempotency-key': Type.Optional(Type.String({ maxLength: 200, description: 'Same key, same body: stored once' })),
            'content-encoding': Type.Optional(Type.String({ maxLength: 40, description: 'gzip, deflate or nothing' })),
          },
          { additionalProperties: true },
        ),
        response: answers({
          202: Accepted,
          400: { ...ErrorBody, description: 'The body as a whole cannot be read; nothing is stored' },
          413: { ...ErrorBody, description: 'Larger than http.maxBodyBytes' },
          429: { ...ErrorBody, description: 'The pipeline is full: post again after Retry-After seconds' },
          503: { ...ErrorBody, description: 'Not stored: post again' },
        }),
      },
    },
    async (request, reply) => {
      try {
        refuseTooLarge(request, settings.http.maxBodyBytes);
        if (inWork >= settings.http.maxConcurrentPosts) {
          throw new WeirError('busy', 'Too many batches are in work.', { hint: 'Post again after the seconds of Retry-After.' });
        }
        inWork++;
        try {
          return await handOn(request, reply, sockets.ingest, settings.http.maxBodyBytes, context);
        } finally {
          inWork--;
        }
      } catch (error) {
        if (error instanceof WeirError && (error.code === 'busy' || error.code === 'not_running')) reply.header('retry-after', '2');
        linger(request);
        throw error;
      }
    },
  );
}

function refuseTooLarge({ headers }: FastifyRequest, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

function tooLarge(limit: number): WeirError {
  return new WeirError('body_too_large', `The body is larger than ${limit} bytes.`, {
    hint: 'Send it in several posts, or put it into a file.',
  });
}

/** A client that still sends sees its answer, but is not read for ever. */
function linger({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  raw.resume();
  setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, lingerMs).unref();
}

async function handOn(
  request: FastifyRequest,
  reply: FastifyReply,
  socketPath: string,
  limit: number,
  { log }: ApiContext,
): Promise<FastifyReply> {
  const { source } = request.params as { source: string };
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'content-encoding', 'content-length', 'idempotency-key']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const upstream = httpRequest({
    socketPath,
    path: `/ingest/${encodeURIComponent(source)}`,
    method: 'POST',
    headers,
    signal: AbortSignal.timeout(deadlineMs),
  });
  const answered = answerOfUpstream(upstream);
  // Who sends more than the limit is told so, even while the other side has hung up already.
  const sent = pipeline(bodyOf(request, limit), upstream);
  try {
    const [answer] = await Promise.all([answered, sent.catch((error: unknown) => failed(error, answered))]);
    const { 'retry-after': retryAfter } = answer.headers;
    if (retryAfter) reply.header('retry-after', retryAfter);
    if (answer.status >= 300) linger(request);
    return reply.code(answer.status).type('application/json').send(answer.body);
  } catch (error) {
    upstream.destroy();
    if (error instanceof WeirError) throw error;
    if (request.raw.destroyed && !request.raw.complete) {
      throw new WeirError('body_unreadable', 'The client went away before the body was complete.', { hint: 'Post it again.' });
    }
    log.warn({ source, error: (error as Error).message }, 'a post could not be handed on');
    throw new WeirError('not_running', 'The ingest process does not answer; nothing was confirmed.', {
      hint: 'Post the same body again: what was stored already is not stored twice.',
    });
  }
}

/** An answer that came although the body was not taken to its end is the answer. */
async function failed(error: unknown, answered: Promise<UpstreamAnswer>): Promise<void> {
  if (error instanceof WeirError) throw error;
  await answered.catch(() => {
    throw error;
  });
}

interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function answerOfUpstream(upstream: ClientRequest): Promise<UpstreamAnswer> {
  const answered = new Promise<UpstreamAnswer>((resolve, reject) => {
    upstream.on('error', reject);
    upstream.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > largestAnswer) response.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 503, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
  });
  answered.catch(() => undefined);
  return answered;
}

/** The body apart from its connection: when it is refused, the connection lives on for the answer. */
function bodyOf({ raw }: FastifyRequest, limit: number): Transform {
  const body = atMost(limit);
  const gone = (): void => {
    if (!raw.complete) body.destroy(new Error('the client went away'));
  };
  raw.once('error', gone);
  raw.once('close', gone);
  body.once('close', () => raw.unpipe(body));
  raw.pipe(body);
  return body;
}

function atMost(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
}
