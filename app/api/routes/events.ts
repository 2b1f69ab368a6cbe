/** `GET /incidents/events`: transitions as they are stored. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { ApiContext } from '../context.ts';
import type { EventStreams } from '../events.ts';
import type { Api } from '../fastify.ts';
import { cookieOf } from '../guard.ts';
import { answers } from '../schemas.ts';

export function eventRoute(api: Api, { sessions, cookieName }: ApiContext, streams: EventStreams): void {
  api.get(
    '/incidents/events',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Incident transitions as server-sent events',
        description:
          'Events `incident` carry the incident as in the list, with its transition. Each has an id; a client that comes again with Last-Event-ID gets what it missed, at least once: know a transition by incident_id and sequence. `reload` says that too much was missed.',
        headers: Type.Object(
          { 'last-event-id': Type.Optional(Type.String({ maxLength: 200, description: 'Id of the last event that was received' })) },
          { additionalProperties: true },
        ),
        response: answers({ 200: Type.String({ description: 'text/event-stream' }) }),
      },
    },
    async (request, reply) => {
      if (streams.full) {
        reply.header('retry-after', '10');
        throw new WeirError('busy', 'Too many clients listen already.', { hint: 'Try again later, or poll GET /api/v1/incidents.' });
      }
      const id = request.headers.authorization === undefined ? cookieOf(request.headers.cookie, cookieName) : undefined;
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      await streams.add(raw, request.headers['last-event-id'], () => id === undefined || sessions.find(id) !== undefined);
      return reply;
    },
  );
}
