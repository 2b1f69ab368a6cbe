import { describe, expect, it } from 'vitest';
import { checkEndpoint, type Endpoint } from './endpoint.ts';
import { secretProblem } from './signature.ts';

const good: Endpoint = { name: 'tickets', url: 'https://10.0.0.7/hook', secrets: ['whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'] };

describe('checkEndpoint', () => {
  it('takes private addresses, headers and two secrets', () => {
    expect(() =>
      checkEndpoint({ ...good, headers: { authorization: 'Bearer x' }, secrets: [...good.secrets, ...good.secrets] }),
    ).not.toThrow();
  });

  it.each<[string, Partial<Endpoint>]>([
    ['name', { name: 'a b' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['url', { url: 'https://user:password@host/' }],
    ['secrets', { secrets: [] }],
    ['secrets[1]', { secrets: [...good.secrets, 'whsec_c2hvcnQ='] }],
    ['headers', { headers: { 'webhook-id': 'x' } }],
    ['headers', { headers: { x: 'a\r\nb: c' } }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['maxBytes', { maxBytes: 10 }],
  ])('refuses a wrong %s and names it', (setting, changes) => {
    expect(() => checkEndpoint({ ...good, ...changes })).toThrow(`${setting}: `);
  });

  it('refuses two of one name', () => {
    expect(() => checkEndpoint(good, [good, { ...good }])).toThrow('another endpoint');
  });

  it('never shows a secret or an address', () => {
    const wrong = { ...good, url: 'ftp://host/token-abc', secrets: ['hunter2'] };
    expect(() => checkEndpoint(wrong)).toThrow(/^(?!.*(token-abc|hunter2)).*$/);
  });
});

describe('secretProblem', () => {
  it('is what the examples say', () => {
    expect(secretProblem('whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz')).toBeUndefined();
    expect(secretProblem('hunter2')).toBe('must begin with whsec_');
    expect(secretProblem('whsec_c2hvcnQ=')).toBe('must be 24 to 64 bytes, not 5');
  });
});
