/** The built-in page: files that are read once, and nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { mayDo } from '../access.ts';
import type { Api } from '../fastify.ts';

const directory = fileURLToPath(new URL('../../../dashboards/console/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

function readPages(): ReadonlyMap<string, PageFile> {
  const pages = new Map<string, PageFile>();
  for (const name of readdirSync(directory)) {
    const type = types[extname(name)];
    if (!type) continue;
    const body = readFileSync(join(directory, name));
    pages.set(name, { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"` });
  }
  return pages;
}

const hidden = (summary: string) => ({ hide: true, summary });

/** Pages for people who are logged in; who is not gets the page that says how. */
export function pageRoutes(api: Api): void {
  const pages = readPages();
  const send = (reply: FastifyReply, name: string): FastifyReply => {
    const page = pages.get(name);
    if (!page) throw new WeirError('not_found', 'There is no such page.', { hint: 'Begin at /.' });
    return reply.type(page.type).send(page.body);
  };
  const page = (name: string) => async (request: FastifyRequest, reply: FastifyReply) =>
    request.principal && mayDo(request.principal.role, 'read') ? send(reply, name) : send(reply.code(401), 'login.html');

  const open = { access: 'public' } as const;
  api.get('/', { config: open, schema: hidden('Page of the open incidents') }, page('incidents.html'));
  api.get(
    '/incidents/:incident_id',
    { config: open, schema: { ...hidden('Page of one incident'), params: Type.Object({ incident_id: Type.String({ maxLength: 100 }) }) } },
    page('incident.html'),
  );
  api.get('/series', { config: open, schema: hidden('Page of detectors over series') }, page('series.html'));
  api.get('/sources', { config: open, schema: hidden('Page of sources and rejects') }, page('sources.html'));
  api.get(
    '/console/:file',
    {
      config: open,
      schema: {
        ...hidden('Scripts and styles of the pages'),
        params: Type.Object({ file: Type.String({ pattern: '^[a-z-]+\\.(css|js|svg)$' }) }),
      },
    },
    async (request, reply) => {
      const { file } = request.params;
      const etag = pages.get(file)?.etag;
      if (etag) {
        reply.headers({ etag, 'cache-control': 'no-cache' });
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      }
      return send(reply, file);
    },
  );
}
