/** The status feed as JSON and RSS: for the public where the settings say so, with a token else; what is for a partner always needs one. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { jsonFeed, rssFeed } from '../../../incidents/status-feed.ts';
import { createStatusBook } from '../../incidents/status.ts';
import { mayDo } from '../access.ts';
import { shared } from '../cache.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const Query = Type.Object(
  {
    service: Type.String({ default: '', maxLength: 100, pattern: '^[^\\u0000-\\u001f]*$', description: 'Only of this service' }),
    partner: Type.String({
      default: '',
      maxLength: 100,
      pattern: '^[^\\u0000-\\u001f]*$',
      description: 'Also what is for this partner; needs a token that may read',
    }),
  },
  { additionalProperties: false },
);

/** All who ask within this time share one look at the table, ms. */
const sharedMs = 5_000;
const most = 100;

export function statusRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  const { tenant, http, status } = settings;
  const book = createStatusBook({ store, clock, tenant });
  // What anybody may ask for does not reach the database with each request.
  const published = shared(clock, sharedMs, () => book.updates({ service: '', partner: '', limit: most }));
  const base = http.publicUrl.replace(/\/+$/, '');

  async function updatesFor(request: FastifyRequest, { service, partner }: { service: string; partner: string }) {
    const mayRead = request.principal !== undefined && mayDo(request.principal.role, 'read');
    if (!mayRead && (!status.public || partner !== '')) {
      throw new WeirError('unauthorised', 'The feed is not public.', {
        hint: 'Send a token that may read; status.public opens what is for everybody.',
      });
    }
    if (partner !== '') return book.updates({ service, partner, limit: most });
    return (await published()).filter(({ services }) => service === '' || services.length === 0 || services.includes(service));
  }

  const headOf = (request: FastifyRequest) => ({ title: status.title, url: `${base}${request.url}`, homePage: base });

  api.get(
    '/status.json',
    {
      config: { access: 'public' },
      schema: {
        tags: ['status'],
        summary: 'Status updates as JSON Feed 1.1',
        querystring: Query,
        response: answers({ 200: Type.Object({}, { additionalProperties: true, description: 'A JSON Feed' }) }),
      },
    },
    async (request, reply) => {
      const updates = await updatesFor(request, request.query);
      return reply.type('application/feed+json; charset=utf-8').send(JSON.stringify(jsonFeed(headOf(request), updates)));
    },
  );

  api.get(
    '/status.rss',
    {
      config: { access: 'public' },
      schema: {
        tags: ['status'],
        summary: 'Status updates as RSS 2.0',
        querystring: Query,
        response: answers({ 200: Type.String({ description: 'An RSS feed' }) }),
      },
    },
    async (request, reply) => {
      const updates = await updatesFor(request, request.query);
      return reply.type('application/rss+xml; charset=utf-8').send(rssFeed(headOf(request), updates));
    },
  );
}
