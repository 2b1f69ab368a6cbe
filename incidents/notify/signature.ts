/** Signatures as Standard Webhooks 1.0 defines them: `v1`, HMAC-SHA256 over id, timestamp and body. */
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Why a secret cannot be used; undefined when it can: `whsec_` and the base64 of 24 to 64 random bytes.
 * @example secretProblem('whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz') // undefined
 * @example secretProblem('hunter2') // 'must begin with whsec_'
 */
export function secretProblem(secret: string): string | undefined {
  if (!secret.startsWith(prefix)) return 'must begin with whsec_';
  const text = secret.slice(prefix.length);
  if (!base64.test(text) || text.length % 4 !== 0) return 'must be whsec_ and base64';
  const bytes = Buffer.from(text, 'base64').length;
  return bytes < 24 || bytes > 64 ? `must be 24 to 64 bytes, not ${bytes}` : undefined;
}

/**
 * Value of the header `webhook-signature`: one signature for each secret, so that a receiver may know the old or the new one while
 * secrets rotate.
 * @param timestampSeconds seconds since 1970 UTC, of this attempt
 */
export function signatureHeader(id: string, timestampSeconds: number, body: string, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${sign(`${id}.${timestampSeconds}.${body}`, secret)}`).join(' ');
}

function sign(content: string, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
