import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { deviceFlapping } from './device-flapping.ts';
import { flappingAt } from './flapping.ts';

const limits = { changes: 6, release: 2, withinMs: 100 };

/** Millisecond by millisecond, as one would write it first. */
function plainly(times: readonly number[], now: number): boolean {
  let flaps = false;
  for (let at = 0; at <= now; at++) {
    const before = times.filter((time) => time > at - limits.withinMs && time < at).length;
    if (flaps && before <= limits.release) flaps = false;
    for (let number = 1; number <= times.filter((time) => time === at).length; number++)
      if (before + number >= limits.changes) flaps = true;
  }
  const last = times.filter((time) => time > now - limits.withinMs && time <= now).length;
  return flaps && last > limits.release;
}

describe('flapping', () => {
  it('begins with the change that reaches the limit', () => {
    expect(flappingAt([0, 10, 20, 30, 40], 50, limits).flaps).toBe(false);
    expect(flappingAt([0, 10, 20, 30, 40, 50], 50, limits)).toEqual({ flaps: true, since: 50, changes: 6 });
  });

  it('goes on between the limits and ends at the release', () => {
    const times = [0, 10, 20, 30, 40, 50];
    expect(flappingAt(times, 129, limits)).toMatchObject({ flaps: true, changes: 3 });
    expect(flappingAt(times, 130, limits)).toMatchObject({ flaps: false, changes: 2 });
  });

  it('does not begin again between the limits after a release', () => {
    expect(flappingAt([0, 10, 20, 30, 40, 50, 140, 150, 160], 160, limits).flaps).toBe(false);
  });

  it('counts no change that is yet to come', () => {
    expect(flappingAt([0, 1, 2, 3, 4, 5], 4, limits)).toMatchObject({ flaps: false, changes: 5 });
  });

  it('agrees with looking at every instant', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 }), fc.integer({ min: 0, max: 600 }), (times, now) => {
        const sorted = [...times].sort((a, b) => a - b);
        expect(flappingAt(sorted, now, limits).flaps).toBe(plainly(sorted, now));
      }),
      { numRuns: 300 },
    );
  });
});

it('the detector says how often and since when', () => {
  const noon = Date.UTC(2026, 10, 21, 12);
  const row = {
    device: 'ont-1',
    node: 'olt-1',
    site: '',
    times: [0, 1, 2, 3, 4, 5].map((n) => noon - n * 60_000).reverse(),
    complete_to: '2026-11-21 12:01:00.000',
  };
  const [found] = judgeRows(deviceFlapping, [row]);
  expect(found).toMatchObject({ state: 'violation', cell: { ont: 'ont-1' }, observed: 6, beganAt: noon - 300_000 });
  const [calm] = judgeRows(deviceFlapping, [{ ...row, times: row.times.slice(1) }]);
  expect(calm?.state).toBe('ok');
});
