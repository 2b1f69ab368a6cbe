/** Listening on the port of the settings, or on the next free one. */
import { createServer } from 'node:net';
import { WeirError } from '../../core/errors.ts';
import type { Api } from './fastify.ts';

/** So many ports are tried. */
const tries = 20;

/**
 * Listens and answers the port. Port 0 takes any.
 * @throws WeirError config_invalid when the address is not one of this machine, or none of the ports is free
 */
export async function listen(api: Api, host: string, port: number): Promise<number> {
  const free = port === 0 ? 0 : await freePort(host, port);
  try {
    await api.listen({ host, port: free });
  } catch (error) {
    throw refused(error, host, free);
  }
  const address = api.server.address();
  return typeof address === 'object' && address ? address.port : free;
}

/** The first free port from this one on. */
export async function freePort(host: string, port: number): Promise<number> {
  for (let at = port; at < port + tries && at <= 65_535; at++) if (await isFree(host, at)) return at;
  throw new WeirError('config_invalid', `http.port: ${port} and the ports after it are taken`, {
    place: 'http.port',
    hint: 'Choose another port.',
  });
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(refused(error, host, port));
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function refused(error: unknown, host: string, port: number): WeirError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new WeirError('config_invalid', `http: cannot listen on ${host}, port ${port}${code ? ` (${code})` : ''}`, {
    place: 'http.host',
    hint: 'Is it an address of this machine, and the port free?',
    cause: error,
  });
}
