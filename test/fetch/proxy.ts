/** A line that can be slow and can be cut: between a client under test and a server. */
import { connect, createServer, type Socket } from 'node:net';

export interface TestProxy {
  readonly port: number;
  /** Bytes that came from the server so far. */
  received(): number;
  /** Cuts every connection and refuses new ones, or takes them again. */
  setDown(down: boolean): void;
  stop(): Promise<void>;
}

/** @param bytesPerSecond from the server; 0 = as fast as it goes */
export async function startProxy(to: number, bytesPerSecond = 0): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let received = 0;
  let isDown = false;
  const server = createServer((client) => {
    if (isDown) return void client.destroy();
    const upstream = connect(to, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      client.write(chunk);
      if (bytesPerSecond === 0) return;
      upstream.pause();
      setTimeout(() => upstream.resume(), (chunk.length / bytesPerSecond) * 1000);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.address() as { port: number }).port,
    received: () => received,
    setDown: (down) => {
      isDown = down;
      if (down) for (const socket of sockets) socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
