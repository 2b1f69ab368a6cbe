import { describe, expect, it } from 'vitest';
import { coverageOf, revenueOf, type Value } from './coverage.ts';
import { kpisOf, type RevenueCase } from './kpis.ts';

const day = 86_400_000;
const today = Date.UTC(2026, 10, 21);
const one: RevenueCase = {
  control: 'S01',
  state: 'open',
  detectedAt: today - 10 * day,
  money: 100,
  class: 'leakage',
  recoverableUntil: '2026-11-21',
  verdict: '',
  recovered: 0,
  recoveredAt: 0,
};

describe('KPIs of the programme, by hand', () => {
  it('count what was found, recovered, can be recovered and can no more', () => {
    const kpis = kpisOf(
      [
        { ...one, verdict: 'confirmed', recovered: 30, recoveredAt: today - 6 * day },
        { ...one, verdict: 'confirmed', money: 50, recovered: 60, recoveredAt: today - 4 * day, state: 'closed' },
        { ...one, money: 7, recoverableUntil: '2026-11-20' },
        { ...one, money: 5, recoverableUntil: '' },
        { ...one, money: 1000, verdict: 'false', state: 'closed' },
        { ...one, class: 'over_charge', money: 11 },
        { ...one, class: 'risk', money: 13, state: 'resolved' },
      ],
      today,
    );
    expect(kpis).toEqual({
      cases: 7,
      open: 4,
      confirmed: 2,
      refuted: 1,
      leakage: 162,
      over_charge: 11,
      risk: 13,
      recovered: 90,
      recoverable: 75,
      expired: 7,
      days_per_case: 5,
      precision: 2 / 3,
    });
  });
});

describe('coverage, by hand', () => {
  const values: readonly Value[] = [
    { leg: 'switch', source: 'msc-1', service: 'voice', records: 60, charges: 0 },
    { leg: 'switch', source: 'msc-2', service: 'voice', records: 40, charges: 0 },
    { leg: 'rating', source: 'rater', service: 'voice', records: 90, charges: 80 },
    { leg: 'billing', source: 'bill', service: 'voice', records: 90, charges: 70 },
    { leg: 'rating', source: 'rater', service: 'sms', records: 500, charges: 20 },
  ];
  const all = { leg: '', source: '', service: '' };

  it('takes the value of a service from the leg that charges it most', () => {
    expect(revenueOf(values)).toBe(100);
    expect(coverageOf([], [all])).toBeUndefined();
  });

  it('is the share of the records of the leg that is seen best, weighed with the value of the service', () => {
    expect(coverageOf(values, [all])).toBe(1);
    expect(coverageOf(values, [])).toBe(0);
    expect(coverageOf(values, [{ ...all, source: 'msc-1' }])).toBeCloseTo(0.48, 12);
    expect(coverageOf(values, [{ ...all, service: 'sms' }])).toBeCloseTo(0.2, 12);
    expect(
      coverageOf(values, [
        { ...all, source: 'msc-1' },
        { ...all, source: 'rater' },
      ]),
    ).toBe(1);
    expect(coverageOf(values, [all], ['switch'])).toBeCloseTo(0.8, 12);
  });
});
