/** Asking the API. */

/** An answer that is not what was asked for, in the API's own words. */
export class AskError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** A path below /api/v1, with the header that a change with a session needs. */
export async function request(path: string, { method = 'GET', body, signal }: AskOptions = {}): Promise<Response> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      'x-weir-request': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 401) {
    // Who is not logged in any more gets the page that says how.
    location.reload();
    throw new AskError(401, 'unauthorised', 'The session has ended.');
  }
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as { error?: string; message?: string; hint?: string };
  const text = [said.message, said.hint].filter(Boolean).join(' ') || `Weir answered with ${response.status}.`;
  throw new AskError(response.status, said.error ?? '', text);
}

/** The answer as JSON; nothing for 204. @throws AskError */
export async function ask<T>(path: string, options: AskOptions = {}): Promise<T> {
  const response = await request(path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A path with the parameters that are set. @example pathOf('/x', { a: 1, b: '' }) // '/x?a=1' */
export function pathOf(path: string, query: Readonly<Record<string, string | number | boolean | undefined | null>>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** What an error says, for a person. */
export const wordsOf = (error: unknown): string =>
  error instanceof TypeError ? 'Weir does not answer. Is it running?' : error instanceof Error ? error.message : String(error);
