/** Shows a process's metrics on a local socket, from which the API process gathers them. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

export interface MetricsSocket {
  readonly path: string;
  stop(): Promise<void>;
}

export async function serveMetricsSocket(path: string, registry: Registry): Promise<MetricsSocket> {
  rmSync(path, { force: true });
  const server = createServer((_request, response) => {
    registry.getMetricsAsJSON().then(
      (metrics) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metrics)),
      () => response.writeHead(500).end(),
    );
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
