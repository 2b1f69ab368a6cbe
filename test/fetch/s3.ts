/** An S3-compatible server for a test, on loopback: s3rver, behind a check of the signatures that it does not make itself. */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as onwardRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import S3rver from 's3rver';
import { freePort } from './port.ts';
import { isSigned } from './signature.ts';

export interface TestS3 {
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  putFile(key: string, path: string): Promise<void>;
  keys(prefix?: string): Promise<string[]>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const bucket = 'cdr-files';
/** The only key that s3rver knows. */
const secretKey = 'S3RVER';

/** The server alone: what answers at the endpoint. */
export interface S3Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** In this process. */
export async function startS3(): Promise<TestS3> {
  return clientOf(await serveS3());
}

/** In a process of its own, so that a benchmark does not measure the server on its own thread. */
export async function startS3Apart(): Promise<TestS3> {
  const child = fork(new URL('s3-process.ts', import.meta.url).pathname, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('message', (said) => resolve(String(said)));
    child.once('exit', () => reject(new Error('the S3 server does not start')));
  });
  return clientOf({
    endpoint,
    async stop() {
      child.disconnect();
      await gone;
    },
  });
}

export async function serveS3(): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-s3-'));
  const port = await freePort();
  const server = new S3rver({ address: '127.0.0.1', port, silent: true, directory, configureBuckets: [{ name: bucket, configs: [] }] });
  await server.run();
  const gate = createServer((request, response) => {
    if (!isSigned(request, secretKey)) {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      return;
    }
    const { method, url, headers } = request;
    const onward = onwardRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  // A caller that is busy for long must not write into a connection that was closed meanwhile.
  gate.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', () => resolve()));
  const endpoint = `http://127.0.0.1:${(gate.address() as { port: number }).port}`;
  return {
    endpoint,
    async stop() {
      gate.closeAllConnections();
      await new Promise<void>((resolve) => gate.close(() => resolve()));
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function clientOf({ endpoint, stop }: S3Server): TestS3 {
  const client = new AwsClient({ accessKeyId: 'S3RVER', secretAccessKey: secretKey, service: 's3', region: 'us-east-1' });
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await client.fetch(`${endpoint}/${bucket}${path}`, init);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer;
  };
  const keys = async (prefix = ''): Promise<string[]> => {
    const text = await (await ask(`?list-type=2&max-keys=1000&prefix=${encodeURIComponent(prefix)}`)).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key as string);
  };
  return {
    endpoint,
    environment: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: secretKey },
    async put(key, body) {
      await ask(`/${key.split('/').map(encodeURIComponent).join('/')}`, { method: 'PUT', body: body as string });
    },
    async putFile(key, path) {
      await ask(`/${key}`, { method: 'PUT', body: readFileSync(path) });
    },
    keys,
    async clear() {
      for (const key of await keys()) await ask(`/${key.split('/').map(encodeURIComponent).join('/')}`, { method: 'DELETE' });
    },
    stop,
  };
}
