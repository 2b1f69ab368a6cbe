import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../settings/load.ts';
import { mayDo, rolesFor } from './access.ts';
import { configuredTokens, ownerToken, tokensOf } from './tokens.ts';

const directory = mkdtempSync(join(tmpdir(), 'weir-tokens-'));
afterAll(() => rmSync(directory, { recursive: true }));
const http = (yaml: string) => parseSettings(`http: ${yaml}`, 'weir.yaml').http;

describe('roles', () => {
  it('may what they are for', () => {
    expect(mayDo('ingest', 'read')).toBe(false);
    expect(mayDo('operator', 'act')).toBe(true);
    expect(rolesFor('act')).toEqual(['operator']);
  });
});

describe('tokens', () => {
  it('are found by their secret alone', () => {
    const principal = { name: 'grafana', role: 'reader', origin: 'api' } as const;
    const tokens = tokensOf([{ secret: 'a'.repeat(16), principal }]);
    expect(tokens('a'.repeat(16))).toBe(principal);
    for (const wrong of ['b', '', 'a'.repeat(15), 'a'.repeat(17)]) expect(tokens(wrong)).toBeUndefined();
  });

  it('come from the settings or a file', () => {
    const file = join(directory, 'token');
    writeFileSync(file, 'from-a-file-0123456789\n');
    const found = configuredTokens(
      http(`{ tokens: [{ name: a, tokenFile: ${file}, role: operator }, { name: b, token: 0123456789abcdefg }] }`),
    );
    expect(found).toEqual([
      { secret: 'from-a-file-0123456789', principal: { name: 'a', role: 'operator', origin: 'api' } },
      { secret: '0123456789abcdefg', principal: { name: 'b', role: 'reader', origin: 'api' } },
    ]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', 'weir.example'])('are needed to listen on %s', (host) => {
    expect(() => configuredTokens(http(`{ host: "${host}" }`))).toThrow(
      expect.objectContaining({ code: 'config_invalid', place: 'http.host', hint: expect.stringContaining('http.tokens') }),
    );
    expect(configuredTokens(http(`{ host: "${host}", tokens: [{ name: a, token: 0123456789abcdefg }] }`))).toHaveLength(1);
  });

  it.each(['127.0.0.1', 'localhost', '::1', '127.8.0.1'])('are not needed on %s', (host) => {
    expect(configuredTokens(http(`{ host: "${host}" }`))).toEqual([]);
  });

  it.each([
    '[{ name: a }]',
    '[{ name: owner, token: 0123456789abcdefg }]',
    '[{ name: a, token: 0123456789abcdefg }, { name: a, token: 0123456789abcdefgh }]',
    '[{ name: a, token: 0123456789abcdefg }, { name: b, token: 0123456789abcdefg }]',
  ])('are refused as %s', (tokens) => {
    expect(() => configuredTokens(http(`{ tokens: ${tokens} }`))).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it('of the owner are in a file that only the owner reads', () => {
    const { secret, principal } = ownerToken(directory);
    const file = join(directory, 'owner.token');
    expect(readFileSync(file, 'utf8').trim()).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(principal.role).toBe('owner');
    expect(ownerToken(directory).secret).not.toBe(secret);
  });
});
