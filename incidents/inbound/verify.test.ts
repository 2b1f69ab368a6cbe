import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureHeader } from '../notify/signature.ts';
import { type ConnectorType, verify } from './verify.ts';

const now = Date.UTC(2026, 0, 5, 12);
const body = Buffer.from('{"a":"ü"}');
const [old, fresh] = [`whsec_${Buffer.from('o'.repeat(32)).toString('base64')}`, `whsec_${Buffer.from('f'.repeat(32)).toString('base64')}`];
const mac = (secret: string, form: 'hex' | 'base64' = 'hex'): string => createHmac('sha256', secret).update(body).digest(form);
const ok = (type: ConnectorType, headers: Record<string, string>, secrets: readonly string[] = [old, fresh], given = body): boolean =>
  verify(type, headers, given, secrets, now).ok;

describe('who sent it', () => {
  it('is known by the signature of the system, with either secret of a rotation', () => {
    for (const secret of [old, fresh]) {
      expect(ok('pagerduty', { 'x-pagerduty-signature': `v1=${mac('x')},v1=${mac(secret)}` })).toBe(true);
      expect(ok('jira', { 'x-hub-signature': `sha256=${mac(secret)}` })).toBe(true);
      expect(ok('servicenow', { 'x-hub-signature': `sha256=${mac(secret, 'base64')}` })).toBe(true);
      expect(ok('tmf621', { 'x-weir-token': secret })).toBe(true);
      const seconds = now / 1000 - 299;
      const signed = {
        'webhook-id': 'm1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureHeader('m1', seconds, body.toString(), [secret]),
      };
      expect(verify('generic', signed, body, [old, fresh], now)).toEqual({ ok: true, delivery_id: 'm1' });
    }
  });

  it('is nobody without a secret, with another body, another time or another system’s header', () => {
    expect(ok('pagerduty', { 'x-pagerduty-signature': `v1=${mac(old)}` }, [])).toBe(false);
    expect(ok('pagerduty', { 'x-pagerduty-signature': `v1=${mac(old)}` }, [old], Buffer.from('{}'))).toBe(false);
    expect(ok('pagerduty', { 'x-weir-token': old })).toBe(false);
    expect(ok('jira', { 'x-weir-token': old })).toBe(false);
    expect(ok('generic', { 'x-weir-token': old })).toBe(false);
    expect(ok('generic', {})).toBe(false);
    expect(ok('servicenow', { 'x-weir-token': '' })).toBe(false);
    for (const seconds of [now / 1000 - 301, now / 1000 + 301]) {
      const signed = {
        'webhook-id': 'm1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureHeader('m1', seconds, body.toString(), [old]),
      };
      expect(ok('generic', signed)).toBe(false);
    }
    const seconds = now / 1000;
    const signature = signatureHeader('m1', seconds, body.toString(), [old]);
    expect(ok('generic', { 'webhook-id': 'm2', 'webhook-timestamp': String(seconds), 'webhook-signature': signature })).toBe(false);
  });

  it('names the delivery by what is signed: a header that is not cannot make an old body new', () => {
    const headers = { 'x-pagerduty-signature': `v1=${mac(old)}` };
    const one = verify('pagerduty', { ...headers, 'x-webhook-id': 'a' }, body, [old], now);
    expect(verify('pagerduty', { ...headers, 'x-webhook-id': 'b' }, body, [old], now)).toEqual(one);
  });
});
