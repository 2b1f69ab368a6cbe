import { expect, it } from 'vitest';
import { placeOf } from './row-cursor.ts';

it('stays with its incident while others come and go', () => {
  const cursor = { index: 1, id: 'b' };
  expect(placeOf(['a', 'b', 'c'], cursor)).toBe(1);
  expect(placeOf(['new', 'a', 'b', 'c'], cursor)).toBe(2);
  expect(placeOf(['b', 'c'], cursor)).toBe(0);
});

it('stays at its place where its incident left the list', () => {
  expect(placeOf(['a', 'c', 'd'], { index: 1, id: 'b' })).toBe(1);
  expect(placeOf(['a'], { index: 4, id: 'b' })).toBe(0);
  expect(placeOf([], { index: 4, id: 'b' })).toBe(-1);
});
