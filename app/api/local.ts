/** Asks another process of this Weir over its local socket. */
import { request } from 'node:http';

/** Longest answer that is read, in bytes. */
const largestAnswer = 16 * 1_048_576;

export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * One request with a small JSON body or none. Rejects when the process does not answer within the deadline.
 * @param path of the request, e.g. /metrics
 */
export function askLocal(
  socketPath: string,
  path: string,
  { method = 'GET', body, timeoutMs }: { method?: string; body?: object; timeoutMs: number },
): Promise<LocalAnswer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const asked = request({ socketPath, path, method, headers, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > largestAnswer) response.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    asked.on('error', reject);
    asked.end(text);
  });
}
