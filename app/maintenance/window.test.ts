import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, type MaintenanceWindow, matches, overlaps, phaseOf } from './window.ts';

const windowAt = (starts_at: number, ends_at: number, more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  maintenance_id: 'mnt_1',
  kind: 'window',
  matchers: { leg: 'switch' },
  starts_at,
  ends_at,
  reason: 'work',
  actor: 'ann',
  state: 'active',
  version: 1,
  at: 0,
  ...more,
});

describe('overlap', () => {
  it('is that of half-open windows', () => {
    const window = windowAt(10, 20);
    expect([overlaps(window, 0, 10), overlaps(window, 0, 11), overlaps(window, 19, 30), overlaps(window, 20, 30)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([overlaps(window, 10, 10), overlaps(window, 9, 9), overlaps(window, 20, 20)]).toEqual([true, false, false]);
  });

  it('holds exactly when both share an instant', () => {
    const time = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(time, time, time, time, fc.boolean(), time, (starts, ends, from, to, cancelled, at) => {
        const window = windowAt(starts, ends, cancelled ? { state: 'cancelled', at } : {});
        const asked = Array.from({ length: Math.max(1, to - from) }, (_, each) => from + each);
        const shared = asked.some((instant) => instant >= starts && instant < ends && (!cancelled || instant < at));
        expect(overlaps(window, from, to)).toBe(shared);
      }),
    );
  });

  it('ends when it was cancelled, never later', () => {
    expect(endOf(windowAt(10, 20, { state: 'cancelled', at: 15 }))).toBe(15);
    expect(endOf(windowAt(10, 20, { state: 'cancelled', at: 25 }))).toBe(20);
    expect(overlaps(windowAt(10, 20, { state: 'cancelled', at: 5 }), 0, 100)).toBe(false);
  });
});

describe('matchers', () => {
  it('hold what has all of their labels, and nothing when they are empty', () => {
    expect(matches({ leg: 'switch' }, { leg: 'switch', service: 'voice' })).toBe(true);
    expect(matches({ leg: 'switch', node: 'msc-1' }, { leg: 'switch' })).toBe(false);
    expect(matches({ leg: '' }, {})).toBe(false);
    expect(matches({}, { leg: 'switch' })).toBe(false);
    expect(matches({ constructor: 'x' }, {})).toBe(false);
  });

  it('hold exactly what agrees in every label', () => {
    const labels = fc.dictionary(fc.constantFrom('leg', 'node', 'source', 'partner'), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(labels, labels, (matchers, of) => {
        const agree = Object.entries(matchers).filter(([name, value]) => of[name] === value).length;
        expect(matches(matchers, of)).toBe(agree > 0 && agree === Object.keys(matchers).length);
      }),
    );
  });
});

it('stands in one phase at a time', () => {
  const window = windowAt(10, 20);
  expect([9, 10, 19, 20].map((instant) => phaseOf(window, instant))).toEqual(['planned', 'active', 'active', 'ended']);
  expect(phaseOf(windowAt(10, 20, { state: 'cancelled' }), 15)).toBe('cancelled');
});
