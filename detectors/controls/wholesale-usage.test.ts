import { describe, expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { wholesaleUsage } from './wholesale-usage.ts';

const day = 86_400;
const first = Date.UTC(2026, 10, 13) / 1000;
/** Eight days of 100 records and 6,000 seconds on both sides, at 0.01 a second. */
const days = Array.from({ length: 8 }, (_, at) => first + at * day);
const eight = (value: number, last = value) => days.map((_, at) => (at === 7 ? last : value));
const row = {
  check: 'usage',
  service: 'voice',
  zone: 'national',
  plan: '',
  days,
  own_records: eight(100),
  host_records: eight(100),
  own_units: eight(6000),
  host_units: eight(6000),
  host_charge: eight(60),
  revenue: 960,
  cost: 480,
  subscriptions: 0,
  rounding: 0,
};

const last = (more: object, limits: Record<string, number> = {}) =>
  judgeRows(wholesaleUsage, [{ ...row, ...more }], { limits }).find(({ cell }) => cell['day'] === '2026-11-20')!;

describe('S09 wholesale usage', () => {
  it('finds a day on which the host counts more, by hand: 6,300 s against 6,000, 300 x 0.01 = 3.00', () => {
    const found = last({ host_units: eight(6000, 6300), host_charge: eight(60, 63), host_records: eight(100, 105) });
    expect(found).toMatchObject({
      state: 'violation',
      observed: 6300,
      expected: 6000,
      upper: 6060,
      // At least what is beyond the accepted per cent: 300 - 60 s.
      money: { amount: '3', low: '2.4', class: 'leakage' },
      title: 'voice national: the host states 5 % more seconds than we do',
    });
    expect(found.summary).toContain('105 records of the host, 100 of ours: some are on one side alone');
  });

  it('border: one per cent is accepted, a second more is not', () => {
    expect(last({ host_units: eight(6000, 6060) }).state).toBe('ok');
    expect(last({ host_units: eight(6000, 6061) }).state).toBe('violation');
  });

  it('less than usual is a risk: the host may charge it later', () => {
    expect(last({ host_units: eight(6000, 5400), host_charge: eight(60, 54) })).toMatchObject({
      state: 'violation',
      money: { amount: '6', class: 'risk' },
    });
  });

  it('what was always so is not told again, but for gross differences; seconds of a partner that rounds may differ', () => {
    expect(last({ host_units: eight(6240) }).state).toBe('ok');
    // 6,600 of 6,000 on every day: 10 % as such, 600 x 60 / 6,600 = 5.45.
    expect(last({ host_units: eight(6600) })).toMatchObject({ state: 'violation', money: { amount: '5.45' } });
    expect(last({ host_units: eight(6600), rounding: 1 }).state).toBe('ok');
    expect(last({ service: 'data', host_units: eight(6600), rounding: 1 }).state).toBe('violation');
  });

  it('days that scatter are given four deviations', () => {
    // Ratios 0.97 to 1.03 around 1; deviations 0, 0.01, 0.01, 0.02, 0.02, 0.03, 0.03: 1.4826 x 0.02 = 0.0297, four of it 0.119.
    const scattered = [5820, 6000, 6180, 5880, 6120, 5940, 6060];
    expect(last({ host_units: [...scattered, 6290] }).state).toBe('ok');
    expect(last({ host_units: [...scattered, 6290] }, { gross: 0.04 }).state).toBe('violation');
  });

  it('the second day: nothing is known, only gross differences are told', () => {
    const two = { days: days.slice(6), own_records: [100, 100], host_records: [100, 100], own_units: [6000, 6000], host_charge: [60, 60] };
    expect(last({ ...two, host_units: [6000, 6200] }).state).toBe('ok');
    expect(last({ ...two, host_units: [6000, 6400] }).state).toBe('violation');
  });

  it('the latest three days are judged, so that late usage corrects them', () => {
    const judged = judgeRows(wholesaleUsage, [row]).map(({ cell, state }) => [cell['day'], state]);
    expect(judged).toEqual([
      ['2026-11-18', 'ok'],
      ['2026-11-19', 'ok'],
      ['2026-11-20', 'ok'],
    ]);
  });

  it('says which data it lacks', () => {
    expect(judgeRows(wholesaleUsage, [])[0]).toMatchObject({ state: 'not_applicable' });
    expect(judgeRows(wholesaleUsage, [{ ...row, host_records: eight(0), host_units: eight(0) }])[0]).toMatchObject({
      state: 'not_applicable',
    });
    expect(last({ own_records: eight(29), host_records: eight(29) })).toMatchObject({
      state: 'not_applicable',
      note: 'not applicable, needs 30 records of the day',
    });
  });

  it('finds a plan that loses, by hand: 100 paid, 120 to the host', () => {
    const margin = {
      ...row,
      check: 'margin',
      service: '',
      zone: '',
      plan: 'flat',
      own_records: [1000],
      host_records: [],
      own_units: [],
      host_units: [],
      host_charge: [],
    };
    const of = (more: object, limits: Record<string, number> = {}) =>
      judgeRows(wholesaleUsage, [row, { ...margin, revenue: 100, cost: 120, subscriptions: 7, ...more }], { limits }).find(
        ({ cell }) => cell['check'] === 'margin',
      )!;
    expect(of({})).toMatchObject({ state: 'violation', money: { amount: '20', class: 'risk' }, customers: { count: 7 }, statistic: -0.2 });
    expect(of({ revenue: 120 }).state).toBe('ok');
    expect(of({ revenue: 119.99 }).state).toBe('violation');
    // A tenth is wanted: 133.33 less 120 is just below it.
    expect(of({ revenue: 133.33 }, { margin: 0.1 })).toMatchObject({
      state: 'violation',
      note: 'no amount: the margin is thin, not negative',
    });
    expect(of({ subscriptions: 0 })).toMatchObject({ state: 'not_applicable' });
  });
});
