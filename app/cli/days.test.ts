import { describe, expect, it } from 'vitest';
import { dayOf, periodOf } from './days.ts';

describe('days of a command line', () => {
  it('are whole days of UTC, the last included', () => {
    expect(periodOf({ from: '2026-11-02', to: '2026-11-08' })).toEqual({ from: Date.UTC(2026, 10, 2), to: Date.UTC(2026, 10, 9) });
    expect(periodOf({ from: '2026-11-02' })).toEqual({ from: Date.UTC(2026, 10, 2), to: Date.UTC(2026, 10, 3) });
    expect(periodOf({ month: '2026-12' })).toEqual({ from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) });
    expect(dayOf('2024-02-29', '--from')).toBe(Date.UTC(2024, 1, 29));
  });

  it('refuse what is no day, a period that ends before it begins, and two periods at once', () => {
    for (const text of ['2026-02-29', '2026-13-01', '20261101', 'yesterday', '']) expect(() => dayOf(text, '--from')).toThrow(/not a day/);
    expect(() => periodOf({ month: '2026-1' })).toThrow(/not a day/);
    expect(() => periodOf({ from: '2026-11-02', to: '2026-11-01' })).toThrow(/before/);
    expect(() => periodOf({})).toThrow(/missing or stated twice/);
    expect(() => periodOf({ month: '2026-11', from: '2026-11-01' })).toThrow(/missing or stated twice/);
  });
});
