/** Logging in: a link that works once, or a token in exchange for a session; and logging out. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { cookieOf } from '../guard.ts';
import { answers } from '../schemas.ts';
import { sessionLifeMs } from '../sessions.ts';

/** The header Set-Cookie of a session; an empty id ends it. */
export function sessionCookie({ cookieName, secure }: Pick<ApiContext, 'cookieName' | 'secure'>, id: string): string {
  const life = id === '' ? 0 : sessionLifeMs / 1000;
  return `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure ? '; Secure' : ''}`;
}

// A redirect would not carry a SameSite=Strict cookie when the link was opened from another site; going on from our own page does.
const arrived =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>Weir</title></head><body><p><a href="/">Go on to Weir</a></p></body></html>';

const Me = Type.Object({
  name: Type.String({ description: 'Name of the token or of who logged in' }),
  role: Type.String({ description: 'reader, operator, ingest or owner' }),
});

/** `GET /login`, outside of /api/v1. */
export function loginRoute(api: Api, context: ApiContext): void {
  const { sessions, throttle, audit } = context;
  api.get(
    '/login',
    {
      config: { access: 'public' },
      schema: {
        tags: ['session'],
        summary: 'Open a session with a login link, which works once and for 15 minutes',
        querystring: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200, description: 'Of the link' }) }),
        response: answers({ 200: Type.String({ description: 'A page that leads on to /' }) }),
      },
    },
    async (request, reply) => {
      const wait = throttle.wait(request.ip);
      if (wait > 0) {
        reply.header('retry-after', String(wait));
        throw new WeirError('busy', 'Too many wrong links came from this address.', { hint: `Try again in ${wait} s.` });
      }
      const id = sessions.redeem(request.query.token);
      const principal = id === undefined ? undefined : sessions.find(id);
      if (id === undefined || !principal) {
        throttle.failed(request.ip);
        throw new WeirError('unauthorised', 'The login link was used already or is too old.', {
          hint: 'Get a new one from the command line of Weir.',
        });
      }
      await audit({ principal, action: 'session.open', target: 'login-link', address: request.ip });
      return reply.header('set-cookie', sessionCookie(context, id)).type('text/html; charset=utf-8').send(arrived);
    },
  );
}

/** `/session` below /api/v1. */
export function sessionRoutes(api: Api, context: ApiContext): void {
  const { sessions, audit, cookieName } = context;
  const own = (request: FastifyRequest): string => cookieOf(request.headers.cookie, cookieName) ?? '';

  api.get(
    '/session',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], summary: 'Who asks', response: answers({ 200: Me }) },
    },
    async ({ principal }) => {
      if (!principal) throw new WeirError('unauthorised', 'Nobody is logged in.', { hint: 'Open a login link, or send a token.' });
      return { name: principal.name, role: principal.role };
    },
  );

  api.post(
    '/session',
    {
      schema: { tags: ['session'], summary: 'Open a session with the bearer token of this request', response: answers({ 200: Me }) },
    },
    async (request, reply) => {
      const principal = request.principal!;
      await audit({ principal, action: 'session.open', target: 'token', address: request.ip });
      reply.header('set-cookie', sessionCookie(context, sessions.open(principal)));
      return { name: principal.name, role: principal.role };
    },
  );

  api.delete(
    '/session',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], summary: 'Log out', response: answers({ 204: Type.Null({ description: 'Logged out' }) }) },
    },
    async (request, reply) => {
      if (request.principal) {
        sessions.end(own(request));
        await audit({ principal: request.principal, action: 'session.close', target: '', address: request.ip });
      }
      return reply.header('set-cookie', sessionCookie(context, '')).code(204).send();
    },
  );
}
