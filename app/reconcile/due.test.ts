import { expect, it } from 'vitest';
import { isDue } from './due.ts';

const day = Date.UTC(2026, 10, 20);
const end = day + 86_400_000;
const of = (more: object = {}) => ({ day: day / 1000, run: 0, changed: end, ...more });

it('a day is due once both legs are complete beyond its end, not before', () => {
  expect(isDue(of(), end, end)).toBe(true);
  expect(isDue(of(), end - 1, end + 86_400_000)).toBe(false);
});

it('done, it is due again only when late records came, and not within the hour', () => {
  const began = end + 1000;
  const run = began * 1000 + 5;
  const hour = 3_600_000;
  expect(isDue(of({ run }), end, began + hour)).toBe(false);
  expect(isDue(of({ run, changed: began + 60_000 }), end, began + hour - 1)).toBe(false);
  expect(isDue(of({ run, changed: began + 60_000 }), end, began + hour + 1)).toBe(true);
});
