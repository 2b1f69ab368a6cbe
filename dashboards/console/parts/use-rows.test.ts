import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowOf } from './use-rows.ts';

it('the rows that are drawn cover the window wherever it stands, and are few', () => {
  expect(windowOf(1000, 50, 5000, 500)).toEqual({ from: 84, to: 133 });
  fc.assert(
    fc.property(
      fc.nat(20_000),
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: -2000, max: 3_000_000 }),
      fc.integer({ min: 200, max: 3000 }),
      (count, height, offset, view) => {
        const { from, to } = windowOf(count, height, offset, view);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(count);
        expect(from).toBeLessThanOrEqual(to);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(view / height) + 49);
        const first = Math.floor(Math.max(0, offset) / height);
        const last = Math.min(count - 1, Math.floor((Math.max(0, offset) + view) / height));
        if (first < count) expect(from).toBeLessThanOrEqual(first);
        if (first < count && last >= first) expect(to).toBeGreaterThan(last);
      },
    ),
  );
});
