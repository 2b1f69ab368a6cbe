/** A receiver of webhooks as a ticket system would have one: verifies the signature and keeps what came in `webhooks.ndjson`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';

const largestBody = 1_048_576;
/** Older or newer deliveries are refused, in seconds. */
const freshness = 300;

export interface ReceivedWebhook {
  readonly id: string;
  readonly type: string;
  readonly title: string;
}

/** Listens on loopback. `onWebhook` is called for each that verifies. */
export async function startReceiver(options: {
  url: string;
  secret: string;
  file: string;
  onWebhook: (webhook: ReceivedWebhook) => void;
}): Promise<Server> {
  const { port } = new URL(options.url);
  const server = createServer((request, response) => {
    readAll(request).then(
      (body) => {
        if (!verifies(request, body, options.secret)) {
          response.writeHead(401).end();
          return;
        }
        const { type, data } = JSON.parse(body) as { type: string; data: { title: string } };
        const id = String(request.headers['webhook-id']);
        appendFileSync(options.file, `${JSON.stringify({ id, received_at: new Date().toISOString(), body: JSON.parse(body) })}\n`, {
          mode: 0o600,
        });
        response.writeHead(204).end();
        options.onWebhook({ id, type, title: data.title });
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), '127.0.0.1', resolve);
  });
  return server;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function verifies({ headers }: IncomingMessage, body: string, secret: string): boolean {
  const timestamp = String(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < freshness)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(headers['webhook-id'])}.${timestamp}.${body}`)
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}
