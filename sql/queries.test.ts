import { describe, expect, it } from 'vitest';
import { parseQuery, queryNamed, queryNames } from './queries.ts';

describe('named queries', () => {
  it('split into documentation, statement and parameters', () => {
    expect(parseQuery('a', "-- Why it is asked.\n-- More.\nSELECT {n:UInt8}, {m:DateTime64(3, 'UTC')};\n")).toEqual({
      name: 'a',
      comment: 'Why it is asked.\nMore.',
      sql: "SELECT {n:UInt8}, {m:DateTime64(3, 'UTC')}",
      parameters: { n: 'UInt8', m: "DateTime64(3, 'UTC')" },
    });
  });

  it('are each documented and one statement', () => {
    expect(queryNames().length).toBeGreaterThan(0);
    for (const name of queryNames()) {
      const query = queryNamed(name);
      expect(query.comment, name).not.toBe('');
      expect(query.sql, name).not.toBe('');
      expect(queryNamed(name)).toBe(query);
    }
  });

  it.each(['', 'nothing-of-that-name', '../migrations/0001-records', 'a/../b', '/etc/passwd', 'x\0'])('refuse the name %j', (name) => {
    expect(() => queryNamed(name)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
