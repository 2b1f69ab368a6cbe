import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostCheck, hostName, isLoopback, sameOrigin } from './host.ts';

describe('hosts', () => {
  it('are loopback or not', () => {
    expect(isLoopback('127.0.0.1')).toBe(true);
    expect(isLoopback('0.0.0.0')).toBe(false);
    expect(isLoopback('127.0.0.1.evil.example')).toBe(false);
  });

  it('are read out of a header', () => {
    expect(['[::1]:8080', 'A.example:1', 'a', 'a:b', 'a/b', '[::1', 'x@y', ''].map(hostName)).toEqual([
      '::1',
      'a.example',
      'a',
      '',
      '',
      '',
      '',
      '',
    ]);
  });

  it('are allowed by what is listened on and by the public name', () => {
    const own = hostCheck('192.168.1.4', 'https://Weir.example:8443/x');
    expect(['192.168.1.4:80', 'weir.example', 'localhost', '192.168.1.5', 'evil.example'].map(own)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const all = hostCheck('0.0.0.0', '');
    expect(['10.1.2.3:80', '[fe80::1]', 'evil.example', '0x7f.1'].map(all)).toEqual([true, true, false, false]);
  });

  it('never let a name through that is not known', () => {
    const check = hostCheck('127.0.0.1', '');
    fc.assert(fc.property(fc.domain(), (name) => check(name) === (name === 'localhost')));
  });
});

describe('the same origin', () => {
  const own = { host: 'a:1', 'x-weir-request': '1' };
  it('is said by the browser and needs the header', () => {
    expect(sameOrigin({ ...own, origin: 'http://a:1' })).toBe(true);
    expect(sameOrigin({ ...own, origin: 'http://a:2' })).toBe(false);
    expect(sameOrigin({ ...own, origin: 'nonsense' })).toBe(false);
    expect(sameOrigin({ host: 'a:1', origin: 'http://a:1' })).toBe(false);
    expect(sameOrigin({ ...own, 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(sameOrigin(own)).toBe(false);
  });
});
