import { describe, expect, it } from 'vitest';
import { healthOf, older } from './health.ts';

const failure = (status: number, code = '', message = 'said'): string => healthOf(undefined, { status, code, message }).message;

describe('"Save & test" says what is wrong', () => {
  it.each([
    ['the token', failure(401, 'unauthorised'), /token/],
    ['the role or the name', failure(403, 'forbidden', 'The role ingest does not allow this.'), /role ingest.*reader/],
    ['an old Weir', failure(404, 'not_found'), /no query API/],
    ['the URL', failure(404), /no Weir at this URL/],
    ['a Weir that is down', failure(502), /cannot reach/],
    ['a proxy between', failure(401), /before Weir/],
    ['guessing', failure(429, 'busy'), /Wait/],
    ['anything else', failure(0, '', 'Failed to fetch'), /Failed to fetch/],
    ['something else there', healthOf('<html>').message, /not Weir/],
    ['a version', healthOf({ version: '0.0.9', tenant: 'a' }).message, /0\.0\.9.*needs/],
  ])('%s', (_what, message, words) => {
    expect(message).toMatch(words);
  });

  it('and that it works', () => {
    expect(healthOf({ version: '0.1.0', tenant: 'main' })).toEqual({ status: 'success', message: 'Weir 0.1.0 answers, tenant main.' });
    expect([older('0.1.0', '0.1.0'), older('0.10.0', '0.9.0'), older('0.1', '0.1.1'), older('1.0.0-beta', '1.0.0')]).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
