import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesPattern, sequenceOf } from './pattern.ts';

it('matches names as a shell does', () => {
  expect(matchesPattern('msc-1_0001.csv', 'msc-*.csv,*.json')).toBe(true);
  expect(matchesPattern('a.json', 'msc-*.csv, *.json')).toBe(true);
  expect(matchesPattern('a.jsonx', '*.json')).toBe(false);
  expect(matchesPattern('ab', 'a?')).toBe(true);
  expect(matchesPattern('a', 'a?')).toBe(false);
  expect(matchesPattern('a*b', 'a*b')).toBe(true);
});

it('agrees with a regular expression on random names', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(letters, patterns, (name, pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*')}$`);
      expect(matchesPattern(name, pattern)).toBe(expression.test(name));
    }),
  );
});

it('is not slowed down by a hostile name', () => {
  expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(60)}b`)).toBe(false);
});

it('finds the sequence number', () => {
  expect(sequenceOf('msc-1_000123_20261120.csv', 'msc-1_{sequence}_*.csv')).toBe(123);
  expect(sequenceOf('TDHOSTMVNO00042', 'TD*{sequence}')).toBe(42);
  expect(sequenceOf('other.csv', 'msc-1_{sequence}_*.csv')).toBeUndefined();
  expect(sequenceOf(`a${'9'.repeat(40)}.csv`, 'a{sequence}.csv')).toBeUndefined();
});
