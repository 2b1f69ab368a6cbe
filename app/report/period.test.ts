import { describe, expect, it } from 'vitest';
import { reportPeriod } from './period.ts';

const iso = ({ from, to }: { from: number; to: number }) => [
  new Date(from).toISOString().slice(0, 16),
  new Date(to).toISOString().slice(0, 16),
];

describe('periods of reports', () => {
  it('are weeks and months by the clock of the operator', () => {
    expect(iso(reportPeriod({ week: '2026-W47' }, 'UTC'))).toEqual(['2026-11-16T00:00', '2026-11-23T00:00']);
    expect(iso(reportPeriod({ week: '2026-W53' }, 'UTC'))).toEqual(['2026-12-28T00:00', '2027-01-04T00:00']);
    // The week in which the clock goes forward has 167 hours.
    const spring = reportPeriod({ week: '2026-W13' }, 'Europe/Berlin');
    expect((spring.to - spring.from) / 3_600_000).toBe(167);
    expect(iso(reportPeriod({ month: '2026-12' }, 'Europe/Berlin'))).toEqual(['2026-11-30T23:00', '2026-12-31T23:00']);
  });

  it.each([
    [{}],
    [{ week: '2026-W47', month: '2026-11' }],
    [{ week: '2025-W53' }],
    [{ week: '2026-W00' }],
    [{ week: '47' }],
    [{ month: '2026-13' }],
  ])('%j is refused', (asked) => {
    expect(() => reportPeriod(asked, 'UTC')).toThrow();
  });
});
