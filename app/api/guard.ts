/** What stands before every route: Host, security headers, who asks, whether they may, and that a browser's change is its user's. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WeirError } from '../../core/errors.ts';
import { mayDo, type Permission, type Principal, rolesFor } from './access.ts';
import { isLoopback, sameOrigin } from './host.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';
import type { Tokens } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route needs; a route that does not say needs `read`. */
    access?: Permission | 'public';
  }
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

export interface GuardOptions {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly hostAllowed: (header: string) => boolean;
  /** Address it listens on: on loopback a foreign Host is refused even with a token. */
  readonly listen: string;
  readonly cookieName: string;
  readonly secure: boolean;
}

/** Scripts, styles and data of our own only; no inline code. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Headers of every answer. */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cache-control': 'no-store',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** Value of a cookie of the request; undefined when it has none of that name. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** The hook that runs first for every request. */
export function guard(options: GuardOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const headers = securityHeaders(options.secure);
  return async (request, reply) => {
    reply.headers(headers);
    const bearer = bearerOf(request);
    const mayComeFromAnywhere = bearer !== undefined && !isLoopback(options.listen);
    if (!options.hostAllowed(request.headers.host ?? '') && !mayComeFromAnywhere) {
      throw new WeirError('forbidden', 'This server is not known under the name in the Host header.', {
        hint: 'Use the address it printed, or set http.publicUrl to the one you use.',
      });
    }
    if (request.is404) return;
    request.principal = bearer === undefined ? bySession(request, options) : byToken(request, reply, bearer, options);
    authorise(request);
  };
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function byToken(request: FastifyRequest, reply: FastifyReply, secret: string, { tokens, throttle }: GuardOptions): Principal {
  const principal = tokens(secret);
  const wait = throttle.wait(request.ip);
  if (wait > 0 && !(principal && throttle.knows(request.ip, principal.name))) {
    reply.header('retry-after', String(wait));
    throw new WeirError('busy', 'Too many wrong tokens came from this address.', { hint: `Try again in ${wait} s.` });
  }
  if (!principal) {
    throttle.failed(request.ip);
    throw new WeirError('unauthorised', 'The token is not known.', {
      hint: 'Tokens are set in http.tokens; the owner token changes with each start.',
    });
  }
  throttle.passed(request.ip, principal.name);
  return principal;
}

function bySession(request: FastifyRequest, { sessions, cookieName }: GuardOptions): Principal | undefined {
  const id = cookieOf(request.headers.cookie, cookieName);
  const principal = id === undefined ? undefined : sessions.find(id);
  if (principal && !safeMethods.has(request.method) && !sameOrigin(request.headers)) {
    throw new WeirError('forbidden', 'A change with a session needs to come from the page of this server.', {
      hint: 'Send the header X-Weir-Request from the same origin, or use a bearer token.',
    });
  }
  return principal;
}

function authorise({ principal, routeOptions }: FastifyRequest): void {
  const access = routeOptions.config.access ?? 'read';
  if (access === 'public') return;
  if (!principal) {
    throw new WeirError('unauthorised', 'A valid token or a session is needed.', {
      hint: 'Send Authorization: Bearer …, or open a login link.',
    });
  }
  if (!mayDo(principal.role, access)) {
    throw new WeirError('forbidden', `The role ${principal.role} does not allow this.`, {
      hint: `Needed: ${rolesFor(access).join(' or ')}.`,
    });
  }
}
