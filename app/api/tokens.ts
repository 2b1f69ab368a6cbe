/** Bearer tokens: kept as SHA-256 only and compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import { secretFile } from '../clickhouse.ts';
import { writeWhole } from '../data-directory.ts';
import type { Principal } from './access.ts';
import { isLoopback } from './host.ts';

export interface TokenSecret {
  readonly secret: string;
  readonly principal: Principal;
}

/** Whose token it is; undefined when nobody's. Takes the same time for every wrong one. */
export type Tokens = (secret: string) => Principal | undefined;

const shortest = 16;

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * A look-up over the secrets.
 * @example tokensOf([{ secret: 'a'.repeat(16), principal }])('b') // undefined
 */
export function tokensOf(secrets: readonly TokenSecret[]): Tokens {
  const known = secrets.map(({ secret, principal }) => ({ hash: digest(secret), principal }));
  return (secret) => {
    const given = digest(secret);
    let found: Principal | undefined;
    // All are compared, so that the time tells nothing about which one was near.
    for (const { hash, principal } of known) if (timingSafeEqual(hash, given)) found = principal;
    return found;
  };
}

/**
 * The tokens of the settings with their secrets.
 * @throws WeirError config_invalid: a token without a secret or with a short one, the same name or secret twice, or an address other
 * than loopback without any token
 */
export function configuredTokens(http: Settings['http']): readonly TokenSecret[] {
  if (http.tokens.length === 0 && !isLoopback(http.host)) {
    throw new WeirError('config_invalid', `http.host: ${http.host} can be reached from other machines, and http.tokens is empty`, {
      place: 'http.host',
      hint: 'Add http.tokens (name, role, tokenFile), or leave http.host at 127.0.0.1.',
    });
  }
  const names = new Set<string>();
  const secrets = new Set<string>();
  return http.tokens.map(({ name, token, tokenFile, role }, index) => {
    const place = `http.tokens[${index}]`;
    const refuse = (message: string, hint: string): never => {
      throw new WeirError('config_invalid', `${place}: ${message}`, { place, hint });
    };
    const secret = tokenFile ? secretFile(tokenFile) : (token ?? '');
    if (secret.length < shortest)
      refuse(`the token of "${name}" has fewer than ${shortest} characters`, 'Make one with: openssl rand -hex 32');
    if (names.has(name) || name === 'owner') refuse(`the name "${name}" is taken`, 'Give each token its own name: it stands in the audit.');
    if (secrets.has(secret)) refuse(`"${name}" has the token of another one`, 'Give each its own.');
    names.add(name);
    secrets.add(secret);
    return { secret, principal: { name, role, origin: 'api' } };
  });
}

/** A new token of the owner in `<run>/owner.token`, mode 0600: who can read the data directory may do everything. */
export function ownerToken(runDirectory: string): TokenSecret {
  const secret = randomBytes(32).toString('hex');
  writeWhole(join(runDirectory, 'owner.token'), `${secret}\n`, 0o600);
  return { secret, principal: { name: 'owner', role: 'owner', origin: 'cli' } };
}
