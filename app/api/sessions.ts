/** Sessions of the console, and the links that open them once. In memory: a restart logs everybody out. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Principal } from './access.ts';

export interface Sessions {
  /** A new token for a login link, valid once and for 15 minutes. */
  mintLink(principal: Principal): string;
  /** Opens a session with a link's token; undefined when it is unknown, used or too old. */
  redeem(token: string): string | undefined;
  /** Opens a session; answers its id for the cookie. */
  open(principal: Principal): string;
  /** Whose session it is, while it lasts. */
  find(id: string): Principal | undefined;
  end(id: string): void;
  readonly size: number;
}

export const linkLifeMs = 15 * 60_000;
export const sessionLifeMs = 12 * 3_600_000;

interface Entry {
  readonly principal: Principal;
  readonly until: number;
}

/** Keeps at most so many entries; the oldest goes first. */
interface Limits {
  readonly sessions: number;
  readonly links: number;
}

const hash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A store of sessions and links; secrets are kept as SHA-256 only. */
export function createSessions(clock: Clock, limits: Limits = { sessions: 1000, links: 100 }): Sessions {
  const sessions = new Map<string, Entry>();
  const links = new Map<string, Entry>();

  function put(entries: Map<string, Entry>, principal: Principal, lifeMs: number, limit: number): string {
    const now = clock.now();
    for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
    while (entries.size >= limit) entries.delete(entries.keys().next().value as string);
    const secret = randomBytes(32).toString('base64url');
    entries.set(hash(secret), { principal, until: now + lifeMs });
    return secret;
  }

  const live = (entries: Map<string, Entry>, secret: string): Entry | undefined => {
    const entry = entries.get(hash(secret));
    return entry && entry.until > clock.now() ? entry : undefined;
  };

  const open = (principal: Principal): string => put(sessions, { ...principal, origin: 'console' }, sessionLifeMs, limits.sessions);

  return {
    mintLink: (principal) => put(links, principal, linkLifeMs, limits.links),
    redeem: (token) => {
      const entry = live(links, token);
      links.delete(hash(token));
      return entry ? open(entry.principal) : undefined;
    },
    open,
    find: (id) => live(sessions, id)?.principal,
    end: (id) => {
      sessions.delete(hash(id));
    },
    get size() {
      return sessions.size;
    },
  };
}
