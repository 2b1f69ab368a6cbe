import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingKey, labelsText } from './key.ts';

it('does not depend on the order of labels, and never changes', () => {
  expect(labelsText({ source: 'msc', leg: 'switch' })).toBe('{"leg":"switch","source":"msc"}');
  expect(findingKey('demo', 'S01', 'missing_files', { source: 'msc' })).toBe('91e993406fd4d820f8be642554c9993d');
  expect(findingKey('demo', 'S01', 'm', { a: '1', b: '2' })).toBe(findingKey('demo', 'S01', 'm', { b: '2', a: '1' }));
});

it('property: other words give another key', () => {
  fc.assert(
    fc.property(fc.tuple(fc.string(), fc.string(), fc.string()), fc.tuple(fc.string(), fc.string(), fc.string()), (a, b) => {
      fc.pre(a.join('\0') !== b.join('\0'));
      expect(findingKey(a[0], a[1], a[2], {})).not.toBe(findingKey(b[0], b[1], b[2], {}));
    }),
  );
});

it('property: the key is FNV-1a of the words, then of the words and "/2", as big integers give it', () => {
  const plain = (text: string): string => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n;
    return hash.toString(16).padStart(16, '0');
  };
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.string()), (word, labels) => {
      const text = JSON.stringify([word, 'd', 'm', labelsText(labels)]);
      expect(findingKey(word, 'd', 'm', labels)).toBe(plain(text) + plain(`${text}/2`));
    }),
  );
});
