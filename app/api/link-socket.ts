/** The local socket on which the command line gets new login links. Only the owner of the data directory can reach it. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { askLocal } from './local.ts';
import type { Sessions } from './sessions.ts';

export interface LinkSocket {
  readonly path: string;
  stop(): Promise<void>;
}

/** Listens: `POST /login-link` answers { url }. */
export async function serveLinkSocket(path: string, sessions: Sessions, url: string): Promise<LinkSocket> {
  rmSync(path, { force: true });
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'POST' || request.url !== '/login-link') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url: loginUrl(url, sessions) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    path,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(path, { force: true });
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** A new link that logs the owner in, once and within 15 minutes. */
export function loginUrl(url: string, sessions: Sessions): string {
  return `${url}/login?token=${sessions.mintLink({ name: 'owner', role: 'owner', origin: 'console' })}`;
}

/** A new login link of the Weir that runs on the data directory; for the command line. Rejects when none answers. */
export async function newLoginLink(runDirectory: string): Promise<string> {
  const { body } = await askLocal(`${runDirectory}/api.sock`, '/login-link', { method: 'POST', timeoutMs: 5000 });
  return (JSON.parse(body) as { url: string }).url;
}
