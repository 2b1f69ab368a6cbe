/** A bucket of an S3-compatible service: signed requests over the platform's own fetch, objects in ranges by plain HTTP. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { WeirError } from '../../core/errors.ts';
import type { Remote, RemoteFile, RemoteListing } from '../fetch/remote.ts';
import { inOrder } from '../fetch/window.ts';
import { type ListedObject, readError, readList } from './list-xml.ts';
import { prefixesOf } from './prefixes.ts';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Options {
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  readonly prefix: string;
  readonly lookbackHours: number;
  readonly since?: string;
  readonly versions: 'latest' | 'all';
  readonly timeoutMs: number;
  readonly credentials: () => S3Credentials;
}

/** Bytes of one range, and ranges on their way at once. */
const pieceBytes = 8_388_608;
const piecesAtOnce = 3;
/** Most lists of 1000 objects that one look reads: a bucket of more needs a prefix. */
const mostPages = 5_000;
/** The largest object that one request copies, in bytes. */
const copyBytes = 5_368_709_120;

/** A client for the bucket; nothing is asked yet. */
export async function openS3(options: S3Options, signal?: AbortSignal): Promise<Remote> {
  const { AwsClient } = await import('aws4fetch');
  const { bucket } = options;
  const place = `s3://${bucket}`;
  const base = options.endpoint
    ? `${options.endpoint.replace(/\/$/, '')}/${bucket}`
    : `https://${bucket}.s3.${options.region}.amazonaws.com`;
  const client = new AwsClient({ ...options.credentials(), region: options.region, service: 's3', retries: 0 });

  const ask = async (method: string, path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const url = `${base}${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString().replaceAll('+', '%20')}` : ''}`;
    const request = await client.sign(url, { method, headers });
    const deadline = AbortSignal.timeout(options.timeoutMs);
    let answer: Response;
    try {
      answer = await fetch(request, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline, redirect: 'error' });
    } catch (error) {
      throw unreachable(place, options.endpoint || base, error as Error);
    }
    if (answer.ok) return answer;
    throw refused(place, answer.status, await answer.text().catch(() => ''));
  };

  const page = async (prefix: string, next: Readonly<Record<string, string>>) => {
    const kind: Record<string, string> = options.versions === 'all' ? { versions: '' } : { 'list-type': '2' };
    const answer = await ask('GET', options.endpoint ? '' : '/', { ...kind, prefix, 'encoding-type': 'url', ...next });
    const date = Date.parse(answer.headers.get('date') ?? '');
    return { list: readList(await answer.text()), aheadMs: Number.isNaN(date) ? undefined : date - Date.now() };
  };

  const list = async (): Promise<RemoteListing> => {
    const files: RemoteFile[] = [];
    const since = options.since ? Date.parse(options.since) : 0;
    let aheadMs: number | undefined;
    for (const prefix of prefixesOf(options.prefix, Date.now(), options.lookbackHours)) {
      let next: Readonly<Record<string, string>> | undefined = {};
      for (let pages = 0; next; pages++) {
        if (pages >= mostPages)
          throw new WeirError('source_too_large', `${place}: more than ${mostPages * 1000} objects under "${prefix}"`, {
            place,
            hint: 'Give a longer prefix, or one with {YYYY}/{MM}/{DD}.',
          });
        const answer = await page(prefix, next);
        aheadMs = answer.aheadMs;
        for (const object of answer.list.objects)
          if (object.modifiedAt >= since && !object.key.endsWith('/')) files.push(fileOf(bucket, object));
        next = answer.list.next;
      }
    }
    return { files, aheadMs };
  };

  const isSecure = base.startsWith('https:');
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 64 });

  /** Fills the buffer: the platform's fetch would copy each byte three times, into memory that is new each time. */
  const range = async (file: RemoteFile, at: number, into: Buffer): Promise<void> => {
    const { etag, versionId } = versionOf(file);
    const url = `${base}${pathOf(file.path)}${versionId ? `?versionId=${encodeURIComponent(versionId)}` : ''}`;
    const signed = await client.sign(url, {
      method: 'GET',
      headers: {
        ...(at === 0 && into.length === file.bytes ? {} : { range: `bytes=${at}-${at + into.length - 1}` }),
        ...(etag ? { 'if-match': etag } : {}),
      },
    });
    const deadline = AbortSignal.timeout(options.timeoutMs);
    const request = (isSecure ? httpsRequest : httpRequest)(signed.url, {
      agent,
      headers: Object.fromEntries(signed.headers),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    // After the answer has begun its own errors tell; this one must not end the process.
    request.on('error', () => undefined);
    let answer: IncomingMessage;
    let have = 0;
    try {
      answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve).once('error', reject).end();
      });
      if (answer.statusCode !== 200 && answer.statusCode !== 206) throw refused(place, answer.statusCode ?? 0, await startOf(answer));
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        // One that knows no ranges sends the whole.
        if (have + chunk.length > into.length) break;
        into.set(chunk, have);
        have += chunk.length;
      }
    } catch (error) {
      throw error instanceof WeirError ? error : unreachable(place, options.endpoint || base, error as Error);
    }
    // A service that knows no conditions is caught by the entity tag of its answer.
    const shown = answer.headers.etag ?? '';
    if ((etag && shown && plain(shown) !== plain(etag)) || have !== into.length || !answer.complete)
      throw new WeirError('source_changed', `${file.url}: is another object now`, { place });
  };

  return {
    place,
    list,
    read: (file, from) => inOrder({ from, to: file.bytes, pieceBytes, depth: piecesAtOnce }, (at, into) => range(file, at, into)),
    // Every range was asked for under the entity tag that was listed.
    unchanged: async () => true,
    async putAway(file, { after, moveTo }) {
      const { versionId } = versionOf(file);
      if (after === 'move') {
        if (file.bytes > copyBytes)
          throw new WeirError('source_refused', `${file.url}: larger than 5 GiB, which the service does not copy at once`, {
            place,
            hint: 'Use after: keep or delete for such objects.',
          });
        const source = `/${options.bucket}${pathOf(file.path)}${versionId ? `?versionId=${encodeURIComponent(versionId)}` : ''}`;
        const copied = await ask('PUT', pathOf(`${moveTo ?? 'done/'}${file.name}`), {}, { 'x-amz-copy-source': source });
        await copied.arrayBuffer();
      }
      await ask('DELETE', pathOf(file.path), options.versions === 'all' && versionId ? { versionId } : {});
    },
    close: async () => agent.destroy(),
  };
}

/** The beginning of an answer, which says why. */
async function startOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > 65_536) break;
  }
  return text;
}

function fileOf(bucket: string, { key, bytes, modifiedAt, etag, versionId }: ListedObject): RemoteFile {
  return {
    url: `s3://${bucket}/${key}`,
    path: key,
    name: key.slice(key.lastIndexOf('/') + 1),
    bytes,
    modifiedAt: Number.isNaN(modifiedAt) ? 0 : modifiedAt,
    version: versionId ? `${etag} ${versionId}` : etag,
  };
}

function versionOf({ version }: RemoteFile): { etag: string; versionId: string } {
  const [etag = '', versionId = ''] = version.split(' ');
  return { etag, versionId };
}

const plain = (etag: string): string => etag.replace(/^W\//, '').replaceAll('"', '');

/** Each step of the key percent-encoded, as signatures want it. */
const pathOf = (key: string): string =>
  `/${key
    .split('/')
    .map((step) => encodeURIComponent(step).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/')}`;

function unreachable(place: string, url: string, error: Error): WeirError {
  const cause = error.cause as { name?: string; code?: string; message?: string } | undefined;
  const isLate = error.name === 'TimeoutError' || cause?.name === 'TimeoutError';
  const why = isLate ? 'no answer in time' : ((error as { code?: string }).code ?? cause?.code ?? cause?.message ?? error.message);
  return new WeirError('source_unreachable', `${place}: ${url}: ${why}`, {
    place,
    hint: 'Is the endpoint right, and does no firewall stand between?',
    cause: error,
  });
}

/** What a refusal means. Neither the keys nor the signature are part of it. */
function refused(place: string, status: number, body: string): WeirError {
  const { code } = readError(body);
  const said = code || `HTTP ${status}`;
  if (status === 412 || status === 404 || code === 'NoSuchKey' || code === 'NoSuchVersion')
    return code === 'NoSuchBucket'
      ? new WeirError('source_refused', `${place}: no such bucket`, { place, hint: 'Check bucket, region and endpoint.' })
      : new WeirError('source_changed', `${place}: the object changed or is gone (${said})`, { place });
  if (status === 403 || status === 401)
    return new WeirError('source_refused', `${place}: refused (${said})`, {
      place,
      hint: 'Are the keys right, the region that of the bucket, and may they list and read (for after: move or delete also write)?',
    });
  if (status >= 500 || status === 429)
    return new WeirError('source_unreachable', `${place}: the service is busy or broken (${said})`, { place });
  return new WeirError('source_refused', `${place}: refused (${said})`, { place });
}
