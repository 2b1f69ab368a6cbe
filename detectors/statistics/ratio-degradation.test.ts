import { expect, test } from 'vitest';
import { ratioDegradation } from './ratio-degradation.ts';

test('300 of 1000 where half is usual', () => {
  const found = ratioDegradation(300, 1000, { usual: 0.5 });
  expect(found.degraded).toBe(true);
  expect(found.ratio).toBe(0.3);
  expect(found.p).toBeLessThan(1e-30);
});

test('too few trials are not judged', () => {
  expect(ratioDegradation(30, 40, { usual: 0.9 })).toMatchObject({ degraded: false, p: 1 });
  expect(ratioDegradation(0, 0, { usual: 0.9 })).toMatchObject({ degraded: false, p: 1, lower: 0, upper: 1 });
});

test('correlated trials count for fewer', () => {
  const alone = ratioDegradation(440, 1000, { usual: 0.52 });
  const together = ratioDegradation(440, 1000, { usual: 0.52, correlation: 0.05 });
  expect(alone.p).toBeLessThan(1e-5);
  expect(together.p).toBeGreaterThan(0.1);
  expect(together.degraded).toBe(false);
});

test('a significant but small fall stays below the floor', () => {
  const found = ratioDegradation(489_000, 1_000_000, { usual: 0.5 });
  expect(found.p).toBeLessThan(1e-20);
  expect(found.degraded).toBe(false);
});
