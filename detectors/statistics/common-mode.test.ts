import { expect, test } from 'vitest';
import { commonMode } from './common-mode.ts';

const peer = (expected: number, value: number, deviation = 5, later: readonly number[] = [0, 0, 0, 0, 0, 0]) => [
  expected,
  value,
  deviation,
  ...later,
];

test('all a fifth lower', () => {
  expect(commonMode(Array.from({ length: 9 }, () => peer(100, 80)))).toEqual({ likeDay: 0, share: 0, shift: -0.2 });
});

test('one of many is not common', () => {
  const peers = Array.from({ length: 20 }, (_, i) => peer(100, i === 3 ? 10 : 100 + ((i * 7) % 5) - 2));
  expect(commonMode(peers).shift).toBe(0);
  expect(commonMode(peers).likeDay).toBe(0);
});

test('a holiday is found by each series own Sunday, though the median sees nothing', () => {
  const peers = Array.from({ length: 40 }, (_, i) => {
    const sunday = i % 2 === 0 ? -40 : 40;
    return peer(100, 100 + sunday + ((i * 7) % 5) - 2, 5, [0, 0, sunday, sunday / 2, 0, 0]);
  });
  const found = commonMode(peers);
  expect(found.likeDay).toBe(3);
  expect(found.share).toBeGreaterThan(0.9);
  expect(Math.abs(found.shift)).toBeLessThan(0.02);
});

test('too few peers, or peers without an expectation, say nothing', () => {
  expect(commonMode(Array.from({ length: 7 }, () => peer(100, 50)))).toEqual({ likeDay: 0, share: 0, shift: 0 });
  expect(commonMode(Array.from({ length: 20 }, () => peer(0, 50)))).toEqual({ likeDay: 0, share: 0, shift: 0 });
});
