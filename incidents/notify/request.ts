/** An HTTP request as a target renders it: pure, so that it can be compared, shown and sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty = none. */
  readonly body: string;
}

/** How to log in. Secrets: never logged. */
export type Login =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly scheme: 'Bearer' | 'GenieKey'; readonly token: string };

/**
 * The header of a login.
 * @example loginHeader({ kind: 'token', scheme: 'Bearer', token: 't' }) // { authorization: 'Bearer t' }
 */
export function loginHeader(login: Login): Readonly<Record<string, string>> {
  if (login.kind === 'none') return {};
  if (login.kind === 'token') return { authorization: `${login.scheme} ${login.token}` };
  return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
}

/** A request with a body in JSON. */
export function jsonRequest(
  method: HttpRequest['method'],
  url: string,
  login: Login,
  value: unknown,
  contentType = 'application/json',
): HttpRequest {
  return {
    method,
    url,
    headers: { ...loginHeader(login), accept: 'application/json', 'content-type': contentType },
    body: JSON.stringify(value),
  };
}

/** A request that only asks. */
export function askRequest(url: string, login: Login): HttpRequest {
  return { method: 'GET', url, headers: { ...loginHeader(login), accept: 'application/json' }, body: '' };
}

/**
 * An address below another one; what the parts say is escaped.
 * @example below('https://a.example/api/', 'tickets', 'A/1') // 'https://a.example/api/tickets/A%2F1'
 */
export function below(base: string, ...parts: readonly string[]): string {
  return [base.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/');
}
