/** What "Save & test" says. Pure. */

export interface HealthFailure {
  status: number;
  /** Code of Weir's error; empty = the answer was not Weir's. */
  code: string;
  message: string;
}

export interface Health {
  status: 'success' | 'error';
  message: string;
  details?: { message: string; verboseMessage?: string };
}

/** Oldest Weir whose API this plugin speaks. */
export const leastVersion = '0.1.0';

const bad = (message: string, hint: string): Health => ({ status: 'error', message: `${message} ${hint}`, details: { message: hint } });

/** @example older('0.1.0', '0.2.0') // true */
export function older(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** @param about what `GET /api/v1/query` gave; undefined = it failed */
export function healthOf(about: unknown, failure?: HealthFailure): Health {
  if (failure) {
    const { status, code, message } = failure;
    // Weir's own errors have a code; without one something else answered, or the proxy.
    if (code === 'unauthorised') return bad('Weir does not know the token.', 'Set the token of a reader of http.tokens.');
    if (code === 'forbidden')
      return bad(`Weir refuses: ${message}`, 'The token needs the role reader, and the URL a name that Weir knows (http.publicUrl).');
    if (code === 'not_found') return bad('This Weir has no query API.', `It has to be ${leastVersion} or newer.`);
    if (code === 'busy') return bad(`Weir refuses: ${message}`, 'Wait a minute.');
    if (code !== '') return bad(`Weir answers with an error: ${message}`, 'Its log says more.');
    if (status === 401 || status === 403)
      return bad(`Something before Weir refuses (${status}).`, 'Look at the proxy between Grafana and Weir.');
    if (status === 404) return bad('There is no Weir at this URL.', 'It is the address of its API, without a path, e.g. http://weir:8080.');
    if (status === 502 || status === 503 || status === 504)
      return bad(`Grafana cannot reach the URL (${status}).`, 'Is Weir running, and is the address one that the Grafana server reaches?');
    return bad(`Weir cannot be asked: ${message}${status ? ` (${status})` : ''}`, 'Check URL and token.');
  }
  const { version, tenant } = (about ?? {}) as { version?: unknown; tenant?: unknown };
  if (typeof version !== 'string' || typeof tenant !== 'string')
    return bad('What answers at this URL is not Weir.', 'It is the address of its API, e.g. http://weir:8080.');
  if (older(version, leastVersion)) return bad(`This Weir is ${version}.`, `The plugin needs ${leastVersion} or newer.`);
  return { status: 'success', message: `Weir ${version} answers, tenant ${tenant}.` };
}
