/** Ports of the loopback address. */
import { createServer } from 'node:net';

/** True when a server can listen on 127.0.0.1 at `port` now. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that the system chooses. */
function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/**
 * `wanted` when it is free, else the next free one of the hundred above it, else any.
 * @param wanted 0 = any
 * @param taken ports that are free but already chosen
 */
export async function freePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (wanted > 0) {
    const last = Math.min(wanted + 100, 65_535);
    for (let port = wanted; port <= last; port++) if (!taken.includes(port) && (await isFree(port))) return port;
  }
  const port = await anyPort();
  return taken.includes(port) ? freePort(0, taken) : port;
}
