/** Where the API may listen: on loopback freely, anywhere else only with tokens. */
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';

/** @example isLoopback('127.0.0.1') // true */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @throws WeirError config_invalid when the API would be open to the network without tokens */
export function checkListen({ http }: Pick<Settings, 'http'>): void {
  if (isLoopback(http.host) || http.tokens.length > 0) return;
  throw new WeirError('config_invalid', `http.host: ${http.host} is reachable from the network, and no tokens are configured`, {
    place: 'http.host',
    hint: 'Add http.tokens (name, tokenFile, role), or listen on 127.0.0.1.',
  });
}
