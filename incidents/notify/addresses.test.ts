import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { isPublic, publicLookup, type Resolver, refusesHost } from './addresses.ts';
import { exchange } from './exchange.ts';
import { jsonRequest } from './request.ts';

describe('isPublic', () => {
  it.each(['9.9.9.9', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])('takes %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.1.2.3',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    'no address',
  ])('refuses %s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it('knows addresses in a URL, however they are written', () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '017700000001', '127.1', '[::1]', '[::ffff:7f00:1]'])
      expect(refusesHost(new URL(`http://${host}/`).hostname)).toBe(true);
    expect(refusesHost('a.example')).toBe(false);
  });
});

describe('a target that may be public only', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.stop());
  const port = (): string => new URL(receiver.url).port;
  const post = (host: string, resolver: Resolver) =>
    exchange(jsonRequest('POST', `http://${host}:${port()}/`, { kind: 'none' }, {}), { timeoutMs: 5_000, reach: 'public', resolver });
  const names =
    (...addresses: LookupAddress[]): Resolver =>
    (_name, _options, done) =>
      done(null, addresses);

  it('is not reached at a private address, nor by a name that leads to one', async () => {
    const loopback = { address: '127.0.0.1', family: 4 };
    expect((await post('127.0.0.1', names(loopback))).error).toBe('ADDRESS_NOT_PUBLIC');
    expect((await post('[::1]', names(loopback))).error).toBe('ADDRESS_NOT_PUBLIC');
    expect((await post('hook.example', names(loopback))).error).toBe('ADDRESS_NOT_PUBLIC');
    expect((await post('hook.example', names({ address: '9.9.9.9', family: 4 }, loopback))).error).toBe('ADDRESS_NOT_PUBLIC');
    expect(receiver.received).toHaveLength(0);
  });

  it('is connected to at the address that was checked: a name is resolved once, and the socket gets that answer', () => {
    let asked = 0;
    const rebinding: Resolver = (_name, _options, done) => {
      asked += 1;
      done(null, [{ address: asked === 1 ? '9.9.9.9' : '127.0.0.1', family: 4 }]);
    };
    const got: unknown[] = [];
    publicLookup(rebinding)('rebind.example', { all: true }, (...answer) => got.push(answer));
    expect(got).toEqual([[null, [{ address: '9.9.9.9', family: 4 }]]]);
    publicLookup(rebinding)('rebind.example', {}, (error) => got.push((error as { code?: string } | null)?.code));
    expect(got[1]).toBe('ADDRESS_NOT_PUBLIC');
  });

  it('does not apply to what the operator configured', async () => {
    const reply = await exchange(jsonRequest('POST', receiver.url, { kind: 'none' }, {}), { timeoutMs: 5_000 });
    expect(reply.status).toBe(204);
  });
});
