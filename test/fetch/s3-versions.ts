/**
 * A bucket that keeps versions, on loopback, as the documentation of the S3 API describes it (PutObject, GetObject with versionId, Range and
 * If-Match, DeleteObject with delete markers, ListObjectVersions in pages): s3rver keeps none. Every signature is checked.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned } from './signature.ts';

interface Version {
  readonly id: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly modified: string;
  /** Stands for a deletion and has no content. */
  readonly marker: boolean;
}

export interface VersionedS3 {
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Writes another version, or a delete marker. */
  put(key: string, body: string): void;
  remove(key: string): void;
  /** Versions of a key with content, newest first. */
  versions(key: string): readonly string[];
  /** Lists that were asked for so far. */
  lists(): number;
  stop(): Promise<void>;
}

const bucket = 'cdr-files';
const secretKey = 'weir-test-secret-versions';

/** @param pageSize entries of one list */
export async function startVersionedS3(pageSize: number): Promise<VersionedS3> {
  const objects = new Map<string, Version[]>();
  let lists = 0;
  const add = (key: string, body: Buffer, marker: boolean): void => {
    const version = {
      id: randomUUID(),
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      modified: new Date().toISOString(),
      marker,
    };
    objects.set(key, [version, ...(objects.get(key) ?? [])]);
  };
  const server = createServer((request, response) => {
    if (!isSigned(request, secretKey)) return fail(response, 403, 'SignatureDoesNotMatch');
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, name = '', ...steps] = url.pathname.split('/');
    if (name !== bucket) return fail(response, 404, 'NoSuchBucket');
    const key = decodeURIComponent(steps.join('/'));
    if (key === '' && request.method === 'GET' && url.searchParams.has('versions')) {
      lists++;
      return list(url.searchParams, response);
    }
    const id = url.searchParams.get('versionId');
    if (key !== '' && request.method === 'GET') return get(request, response, key, id);
    if (key !== '' && request.method === 'DELETE') {
      if (id)
        objects.set(
          key,
          (objects.get(key) ?? []).filter((one) => one.id !== id),
        );
      else add(key, Buffer.alloc(0), true);
      return response.writeHead(204).end();
    }
    return fail(response, 501, 'NotImplemented');
  });

  const get = (request: IncomingMessage, response: ServerResponse, key: string, id: string | null): ServerResponse => {
    const all = objects.get(key) ?? [];
    const version = id ? all.find((one) => one.id === id) : all[0];
    if (!version) return fail(response, 404, id ? 'NoSuchVersion' : 'NoSuchKey');
    if (version.marker) return id ? fail(response, 405, 'MethodNotAllowed') : fail(response, 404, 'NoSuchKey');
    const match = request.headers['if-match'];
    if (match && match !== version.etag) return fail(response, 412, 'PreconditionFailed');
    const headers = { etag: version.etag, 'x-amz-version-id': version.id };
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range) return response.writeHead(200, headers).end(version.body);
    const [from, to] = [Number(range[1]), Math.min(Number(range[2]), version.body.length - 1)];
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${to}/${version.body.length}` });
    return response.end(version.body.subarray(from, to + 1));
  };

  /** Keys in order, the newest version of each first; a page begins after the markers of the one before. */
  const list = (query: URLSearchParams, response: ServerResponse): ServerResponse => {
    const prefix = query.get('prefix') ?? '';
    const all = [...objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .flatMap((key) => (objects.get(key) ?? []).map((version, at) => ({ key, version, latest: at === 0 })));
    const [afterKey, afterId] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
    const from = afterId
      ? all.findIndex(({ key, version }) => key === afterKey && version.id === afterId) + 1
      : all.filter(({ key }) => key <= afterKey && afterKey !== '').length;
    const page = all.slice(from, from + pageSize);
    const last = page.at(-1);
    const more = from + pageSize < all.length && last !== undefined;
    const encode = (key: string): string => (query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
    const entries = page.map(({ key, version: { id, marker, modified, etag, body }, latest }) => {
      const common = `<Key>${encode(key)}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest><LastModified>${modified}</LastModified>`;
      return marker
        ? `<DeleteMarker>${common}</DeleteMarker>`
        : `<Version>${common}<ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Version>`;
    });
    const next = more
      ? `<NextKeyMarker>${encode(last.key)}</NextKeyMarker><NextVersionIdMarker>${last.version.id}</NextVersionIdMarker>`
      : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    return response.end(
      `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><KeyMarker>${encode(afterKey)}</KeyMarker><VersionIdMarker>${afterId}</VersionIdMarker>${next}<MaxKeys>${pageSize}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${entries.join('')}</ListVersionsResult>`,
    );
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    environment: { AWS_ACCESS_KEY_ID: 'WEIR', AWS_SECRET_ACCESS_KEY: secretKey },
    put: (key, body) => add(key, Buffer.from(body), false),
    remove: (key) => add(key, Buffer.alloc(0), true),
    versions: (key) => (objects.get(key) ?? []).filter(({ marker }) => !marker).map(({ body }) => body.toString()),
    lists: () => lists,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function fail(response: ServerResponse, status: number, code: string): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}
