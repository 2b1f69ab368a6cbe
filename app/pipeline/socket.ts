/**
 * The local socket on which the ingest process takes posted batches and replays from the API process, and shows its metrics.
 * Only the owner of the data directory can reach it; who may post was checked by the API.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { WeirError } from '../../core/errors.ts';
import { readBody } from '../../ingest/http/body.ts';
import type { IngestMetrics } from '../metrics/ingest.ts';
import { digestOf, takeBody } from './body-job.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import { replayRejects } from './replay.ts';

export interface IngestSocketOptions {
  readonly path: string;
  readonly pipeline: Pipeline;
  readonly sources: ReadonlyMap<string, PipelineSource>;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

export interface IngestSocket {
  readonly path: string;
  stop(): Promise<void>;
}

const statusOf: Readonly<Record<string, number>> = {
  body_too_large: 413,
  body_unreadable: 400,
  source_unknown: 404,
  busy: 429,
  not_found: 404,
  usage: 400,
};

/** Listens; resolves when it does. */
export async function serveIngestSocket(options: IngestSocketOptions): Promise<IngestSocket> {
  const { path, pipeline, log } = options;
  let inWork = 0;
  const byKey = new Map<string, Promise<unknown>>();

  const post = async (request: IncomingMessage, name: string): Promise<object> => {
    const source = options.sources.get(name);
    if (!source) {
      throw new WeirError('source_unknown', `no HTTP source "${name}"`, {
        hint: `Configured: ${[...options.sources.keys()].join(', ') || 'none; add one of type http to weir.yaml'}`,
      });
    }
    if (inWork >= pipeline.settings.http.maxConcurrentPosts)
      throw new WeirError('busy', 'the pipeline is full', { hint: 'Post again after the seconds of Retry-After.' });
    inWork++;
    try {
      const body = await readBody(request, String(request.headers['content-encoding'] ?? ''), {
        maxBytes: pipeline.settings.http.maxBodyBytes,
      });
      const key = String(request.headers['idempotency-key'] ?? '');
      if (key.length > 200)
        throw new WeirError('body_unreadable', 'the Idempotency-Key is longer than 200 characters', { hint: 'A UUID is enough.' });
      // The same batch posted twice at once takes its turn, so that the second finds what the first has stored.
      const digest = digestOf(body);
      const turn = `${name}/${key || digest}`;
      const before = byKey.get(turn) ?? Promise.resolve();
      const work = before.catch(() => undefined).then(() => takeBody(pipeline, source, body, digest, key));
      byKey.set(turn, work);
      try {
        const answer = await work;
        options.metrics.body(name, answer);
        return answer;
      } finally {
        if (byKey.get(turn) === work) byKey.delete(turn);
      }
    } finally {
      inWork--;
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://ingest');
    const [, what = '', name = ''] = url.pathname.split('/').map(decodeURIComponent);
    try {
      if (request.method === 'GET' && what === 'metrics') return send(response, 200, await options.metrics.registry.getMetricsAsJSON());
      if (request.method === 'POST' && what === 'ingest') return send(response, 202, await post(request, name));
      if (request.method === 'POST' && what === 'replay') {
        const body = JSON.parse((await readBody(request, '', { maxBytes: 65_536 })).toString('utf8')) as {
          source: string;
          reason?: string;
          actor: string;
        };
        return send(response, 200, await replayRejects(pipeline, body));
      }
      throw new WeirError('not_found', 'no such path');
    } catch (error) {
      const known = error instanceof WeirError;
      if (!known) log.error({ error }, 'a post failed');
      const code = known ? error.code : 'clickhouse_failed';
      const status = statusOf[code] ?? 503;
      if (what === 'ingest') options.metrics.refused(name, code);
      if (status === 429 || status === 503) response.setHeader('retry-after', '2');
      send(response, status, {
        error: code,
        message: known ? error.message : 'the batch could not be stored; send it again',
        hint: known ? error.hint : '',
      });
      linger(request);
    }
  };

  rmSync(path, { force: true });
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    path,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** How long a body that was refused is still read, so that its sender sees the answer, in ms. */
const lingerMs = 2000;

function linger(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
