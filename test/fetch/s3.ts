/** An S3-compatible server for a test: s3rver, which checks signatures, on loopback. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import S3rver from 's3rver';
import { freePort } from './port.ts';

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

export async function startS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-s3-'));
  const port = await freePort();
  const server = new S3rver({ address: '127.0.0.1', port, silent: true, directory, configureBuckets: [{ name: bucket, configs: [] }] });
  await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new AwsClient({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', service: 's3', region: 'us-east-1' });
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
    environment: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' },
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
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
