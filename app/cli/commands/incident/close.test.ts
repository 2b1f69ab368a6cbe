import { describe, expect, it } from 'vitest';
import { causeNamed, satisfactionNamed, usefulNamed } from './close.ts';

describe('what a person answers when an incident is closed', () => {
  it('may be the beginning of a word, of one word alone', () => {
    expect(['software', 'soft', 'unk', 'c', 'p', 'x'].map(causeNamed)).toEqual([
      'software',
      'software',
      'unknown',
      undefined,
      undefined,
      undefined,
    ]);
    expect(['u', 'noise', 'maybe'].map(usefulNamed)).toEqual(['useful', 'noise', undefined]);
    expect(['4', '0', '6', 'good'].map(satisfactionNamed)).toEqual([4, undefined, undefined, undefined]);
  });
});
