/** Under which names the server may be addressed: a page of another site that rebinds its name to our address is turned away. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * True for an address or name that only this machine reaches.
 * @example isLoopback('127.0.0.1') // true
 * @example isLoopback('0.0.0.0') // false
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

const unspecified = new Set(['0.0.0.0', '::', '[::]', '']);

/** Name or address of a Host header, lower case, without port and brackets; empty when it is not one. */
export function hostName(header: string): string {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.exec(header);
  return (match?.[1] ?? '').replace(/^\[|\]$/g, '').toLowerCase();
}

/**
 * A check of Host headers. The port is not compared: it protects nothing, and a tunnel may change it.
 * @param listen address of `http.host`
 * @param publicUrl of `http.publicUrl`, or empty
 */
export function hostCheck(listen: string, publicUrl: string): (header: string) => boolean {
  const names = new Set(['localhost', '127.0.0.1', '::1']);
  const own = listen.replace(/^\[|\]$/g, '').toLowerCase();
  if (!unspecified.has(listen)) names.add(own);
  if (publicUrl) names.add(new URL(publicUrl).hostname.replace(/^\[|\]$/g, '').toLowerCase());
  // Listening everywhere, an address cannot be a rebound name.
  const anyAddress = unspecified.has(listen);
  if (anyAddress) names.add(hostname().toLowerCase());
  return (header) => {
    const name = hostName(header);
    return names.has(name) || (anyAddress && isIP(name) !== 0);
  };
}

/**
 * Whether a request that changes something comes from our own page: browsers say so in Sec-Fetch-Site or Origin, and only a page of
 * the same origin can add a header of its own.
 */
export function sameOrigin(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  if (headers['x-weir-request'] === undefined) return false;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (typeof origin === 'string') {
    try {
      return new URL(origin).host === host && (site === undefined || site === 'same-origin');
    } catch {
      return false;
    }
  }
  return site === 'same-origin';
}
