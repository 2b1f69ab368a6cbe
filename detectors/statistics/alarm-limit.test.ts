import { expect, test } from 'vitest';
import { alarmLimit } from './alarm-limit.ts';

test('50 a day over 100,000 series each minute', () => {
  expect(alarmLimit(50, 100_000, 1440)).toBeCloseTo(3.472e-7, 10);
  expect(alarmLimit(5, 1, 1)).toBe(1);
  expect(alarmLimit(5, 0, 1440)).toBe(1);
});
