import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createShares, memberEpochMs, ownerOf } from './shares.ts';

const keys = Array.from({ length: 300 }, (_, at) => `detector/leg-${at}/0`);

it('every part has one owner, the same for everybody, and about as many as the others', () => {
  expect(ownerOf('usage_volume/switch/0', ['a'])).toBe('a');
  expect(ownerOf('usage_volume/switch/0', [])).toBeUndefined();
  const owners = ['a', 'b', 'c'];
  const counts = owners.map((owner) => keys.filter((key) => ownerOf(key, owners) === owner).length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(keys.length);
  for (const count of counts) expect(count).toBeGreaterThan(60);
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.shuffledSubarray(owners, { minLength: 1 }), (key, some) => {
      expect(ownerOf(key, some)).toBe(ownerOf(key, [...some].sort()));
    }),
  );
});

it('when one goes only its parts move', () => {
  for (const key of keys) {
    const before = ownerOf(key, ['a', 'b', 'c']);
    if (before !== 'c') expect(ownerOf(key, ['a', 'b'])).toBe(before);
  }
});

it('says once an epoch that it lives, and alone it has everything', async () => {
  let now = 10 * memberEpochMs;
  const claims: string[] = [];
  let members: { owner: string }[] = [];
  const shares = createShares({
    store: { rows: async <T>() => members as T[], insert: async () => undefined },
    claim: async (key, _, epoch) => {
      claims.push(`${key} ${epoch}`);
      return true;
    },
    clock: { now: () => now },
    tenant: 'main',
    owner: 'a',
  });
  await shares.refresh(now);
  await shares.refresh(now + 1);
  expect(claims).toEqual(['series-member/a 10']);
  expect(keys.every((key) => shares.owns(key))).toBe(true);
  now += memberEpochMs;
  members = [{ owner: 'a' }, { owner: 'b' }];
  await shares.refresh(now);
  expect(keys.filter((key) => shares.owns(key))).toEqual(keys.filter((key) => ownerOf(key, ['a', 'b']) === 'a'));
});
