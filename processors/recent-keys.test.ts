import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecentKeys } from './recent-keys.ts';

it('says 0, 1, 2 as a plain map would while nothing is forgotten', () => {
  const step = fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant('batch' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const keys = createRecentKeys(300);
      const model = new Map<bigint, number>();
      let batch = 1;
      for (const key of steps) {
        if (key === 'batch') {
          keys.nextBatch();
          batch += 1;
          continue;
        }
        const last = model.get(key);
        expect(keys.seen(key)).toBe(last === undefined ? 0 : last === batch ? 1 : 2);
        model.set(key, batch);
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});

it('never forgets the last `capacity` keys and never grows', () => {
  // each round sees one new key and one of 48 rounds ago: 96 different keys lie between the two sights
  const keys = createRecentKeys(100);
  const { bytes } = keys;
  for (let i = 1n; i <= 10_000n; i += 1n) {
    expect(keys.seen((i * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn)).toBe(0);
    if (i > 50n) expect(keys.seen(((i - 48n) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn)).toBe(1);
  }
  expect(keys.bytes).toBe(bytes);
  expect(keys.seen(0x9e3779b97f4a7c15n)).toBe(0);
});
