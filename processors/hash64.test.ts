import { expect, it } from 'vitest';
import { hashBig, hashEnd, hashNumber, hashStart, hashText, hashWord } from './hash64.ts';

const of = (feed: () => void): bigint => {
  hashStart();
  feed();
  return hashEnd();
};

it('is the same in every process and version', () => {
  expect(
    of(() => {
      hashText('switch');
      hashBig(0x0123456789abcdefn);
      hashNumber(1.5);
      hashWord(7);
    }),
  ).toBe(13800379100171355626n);
});

it('does not collide over a quarter of a million records that differ little', () => {
  const seen = new Set<bigint>();
  let count = 0;
  for (let subscriber = 0; subscriber < 350; subscriber += 1)
    for (let time = 0; time < 350; time += 1)
      for (let duration = 0; duration < 2; duration += 1) {
        seen.add(
          of(() => {
            hashText('switch');
            hashBig(BigInt(subscriber));
            hashNumber(1_790_000_000_000 + time);
            hashNumber(duration);
          }),
        );
        count += 1;
      }
  expect(seen.size).toBe(count);
});

it('flips half of the bits for one flipped bit, wherever it stands', () => {
  const flips = new Array<number>(64).fill(0);
  const rounds = 100;
  for (let round = 0; round < rounds; round += 1)
    for (let bit = 0; bit < 64; bit += 1) {
      const value = (BigInt(round) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
      const difference = of(() => hashBig(value)) ^ of(() => hashBig(value ^ (1n << BigInt(bit))));
      for (let out = 0; out < 64; out += 1) if ((difference >> BigInt(out)) & 1n) flips[out]! += 1;
    }
  for (const count of flips) expect(Math.abs(count / (rounds * 64) - 0.5)).toBeLessThan(0.04);
});

it('tells where one text ends and the next begins', () => {
  const two = (one: string, other: string): bigint =>
    of(() => {
      hashText(one);
      hashText(other);
    });
  expect(new Set([two('ab', 'c'), two('a', 'bc'), two('abc', ''), two('', 'abc')]).size).toBe(4);
});
