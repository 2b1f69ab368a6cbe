/** The built-in console: one page for all its addresses, its scripts and styles, and nothing from elsewhere. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { mayDo } from '../access.ts';
import { encodingFor, readConsole } from '../console-files.ts';
import type { Api } from '../fastify.ts';

/** Addresses of the console and what they show; what stands behind them is up to the page. */
const pages = {
  '/': 'Page of the incidents',
  '/controls': 'Page of the controls',
  '/reconciliation': 'Page of the reconciliation',
  '/slos': 'Page of the service-level objectives',
  '/series': 'Page of detectors over series',
  '/sources': 'Page of sources and rejects',
  '/sql': 'Page for questions in SQL',
} as const;

const hidden = (summary: string) => ({ hide: true, summary });
const yearSeconds = 31_536_000;

/** Pages for people who are logged in; who is not gets the page that says how. */
export function pageRoutes(api: Api): void {
  const files = readConsole();

  function send(request: FastifyRequest, reply: FastifyReply, name: string): FastifyReply {
    const file = files.get(name);
    if (!file) throw new WeirError('not_found', 'There is no such page.', { hint: 'Begin at /.' });
    const encoding = encodingFor(request.headers['accept-encoding'], file.bodies);
    reply.header('vary', 'accept-encoding');
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply.type(file.type).send(file.bodies.get(encoding));
  }

  const page = async (request: FastifyRequest, reply: FastifyReply) =>
    request.principal && mayDo(request.principal.role, 'read')
      ? send(request, reply, 'index.html')
      : send(request, reply.code(401), 'login.html');

  const open = { access: 'public' } as const;
  for (const [url, summary] of Object.entries(pages)) api.get(url, { config: open, schema: hidden(summary) }, page);
  api.get(
    '/incidents/:incident_id',
    { config: open, schema: { ...hidden('Page of one incident'), params: Type.Object({ incident_id: Type.String({ maxLength: 100 }) }) } },
    page,
  );
  api.get(
    '/console/:file',
    {
      config: open,
      schema: {
        ...hidden('Scripts and styles of the pages'),
        params: Type.Object({ file: Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9-]+\\.(css|js|svg)$' }) }),
      },
    },
    async (request, reply) => {
      const { file } = request.params;
      const found = files.get(file);
      if (found) {
        const kept = found.immutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache';
        reply.headers({ etag: found.etag, 'cache-control': kept });
        if (request.headers['if-none-match'] === found.etag) return reply.code(304).send();
      }
      return send(request, reply, file);
    },
  );
}
