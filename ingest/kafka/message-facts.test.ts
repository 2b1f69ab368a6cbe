import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factOf, factsAskedFor, keepFacts, readKept } from './message-facts.ts';

const message = {
  topic: 't',
  partition: 3,
  offset: 7,
  size: 0,
  value: null,
  key: Buffer.from('k'),
  timestamp: 1,
  headers: [{ leg: Buffer.from('rating') }],
};

describe('facts of a message', () => {
  it('are its key, time, place and headers', () => {
    expect(['key', 'timestamp', 'topic', 'partition', 'offset', 'header:leg', 'header:none'].map((name) => factOf(message, name))).toEqual([
      'k',
      '1970-01-01T00:00:00.001Z',
      't',
      '3',
      '7',
      'rating',
      '',
    ]);
  });

  it('that a mapping asks for are found however deep they stand', () => {
    const columns = {
      node: { message: 'key' },
      route: { join: [{ message: 'topic' }, { text: '/' }] },
      leg: { first: ['leg', { message: 'header:leg' }] },
    };
    expect(factsAskedFor({ format: 'json', kind: 'usage', columns })).toEqual(['key', 'topic', 'header:leg']);
    expect(factsAskedFor(undefined)).toEqual([]);
  });

  it('come back as they were kept, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), (facts, header) => {
        fc.pre(!header.startsWith('\u0001'));
        const kept = readKept(keepFacts(facts, header));
        expect({ ...kept, facts: { ...kept.facts } }).toEqual({ facts: { ...facts }, header });
      }),
    );
  });
});
