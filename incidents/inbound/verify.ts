/** Whether a body was sent by who holds the secret. Every comparison takes the same time wherever it fails, and all secrets are tried. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Systems that statuses come from. */
export const connectorTypes = ['pagerduty', 'servicenow', 'jira', 'tmf621', 'generic'] as const;

export type ConnectorType = (typeof connectorTypes)[number];

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export type Verified =
  /** Identity of the delivery: that of the signature where it covers one, else the hash of the body. */
  { readonly ok: true; readonly delivery_id: string } | { readonly ok: false; readonly reason: string };

/** Oldest and newest time of a signature that carries one, s. */
const toleranceSeconds = 300;
/** Signatures in one header that are looked at. */
const mostSignatures = 10;

/**
 * Checks a delivery. PagerDuty signs `x-pagerduty-signature: v1=…`; Jira `x-hub-signature: sha256=…`, which ServiceNow and TMF621 servers may send too;
 * `webhook-signature` of Standard Webhooks is taken from all but PagerDuty and Jira. ServiceNow and TMF621, which know no signature of
 * their own, may send the secret itself as `x-weir-token`.
 * @param now ms since 1970 UTC
 */
export function verify(type: ConnectorType, headers: Headers, body: Buffer, secrets: readonly string[], now: number): Verified {
  const header = (name: string): string => {
    const value = headers[name];
    return (typeof value === 'string' ? value : (value?.[0] ?? '')).slice(0, 4_000);
  };
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const answer = (genuine: boolean, delivery_id = digest): Verified =>
    genuine ? { ok: true, delivery_id } : { ok: false, reason: 'The signature is not right.' };
  if (type === 'pagerduty') return answer(hmacMatches(header('x-pagerduty-signature'), 'v1=', body, secrets));
  if (type === 'jira') return answer(hmacMatches(header('x-hub-signature'), 'sha256=', body, secrets));
  if (header('webhook-signature') !== '') return standard(header, body, secrets, now);
  if (type === 'generic') return { ok: false, reason: 'The header webhook-signature is missing.' };
  if (header('x-hub-signature') !== '') return answer(hmacMatches(header('x-hub-signature'), 'sha256=', body, secrets));
  if (header('x-weir-token') !== '') return answer(anySame(header('x-weir-token'), secrets));
  return { ok: false, reason: 'There is neither a signature nor a token.' };
}

function standard(header: (name: string) => string, body: Buffer, secrets: readonly string[], now: number): Verified {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) return { ok: false, reason: 'The header webhook-id is missing.' };
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) {
    return { ok: false, reason: 'The time of the signature is more than five minutes away.' };
  }
  const given = header('webhook-signature').split(' ').slice(0, mostSignatures);
  let genuine = false;
  for (const secret of secrets) {
    const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
    const wanted = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
    for (const one of given) if (same(one, wanted)) genuine = true;
  }
  return genuine ? { ok: true, delivery_id: id } : { ok: false, reason: 'The signature is not right.' };
}

/** Whether one of the signatures `prefix` + HMAC-SHA256 in hexadecimal or base64 is that of one of the secrets. */
function hmacMatches(header: string, prefix: string, body: Buffer, secrets: readonly string[]): boolean {
  const given = header
    .split(',')
    .slice(0, mostSignatures)
    .map((one) => one.trim());
  let genuine = false;
  for (const secret of secrets) {
    const mac = createHmac('sha256', secret).update(body).digest();
    for (const one of given) {
      if (same(one, `${prefix}${mac.toString('hex')}`) || same(one, `${prefix}${mac.toString('base64')}`)) genuine = true;
    }
  }
  return genuine;
}

function anySame(given: string, secrets: readonly string[]): boolean {
  let found = false;
  for (const secret of secrets) if (same(given, secret)) found = true;
  return found;
}

/** Of texts of any length, in a time that does not depend on where they differ. */
function same(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
