import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sloJudgements } from './definition.ts';
import { allowedOf, type Counted, countsOf, holdingOf, judgeObjective, leftOf, onsetOf, type Verdict } from './judge.ts';
import type { BurnRule, Objective } from './objective.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 21, 12);
const fast: BurnRule = {
  name: 'fast',
  severity: 'page',
  threshold: 14.4,
  strict: false,
  longMs: hour,
  shortMs: 5 * minute,
  afterMs: 0,
  minimumEvents: 348,
};
const slow: BurnRule = { ...fast, name: 'slow', severity: 'ticket', threshold: 1, longMs: 3 * day, shortMs: 6 * hour, minimumEvents: 5000 };
const objective: Objective = {
  identity: 'voice',
  title: 'Voice',
  service: 'calls',
  description: '',
  labels: {},
  owner: '',
  method: 'Occurrences',
  target: 0.999,
  sliceTarget: 1,
  sliceMinimum: 1,
  window: { kind: 'rolling', ms: 30 * day },
  sliceMs: minute,
  source: { kind: 'sql', legs: [], lagMs: 0 },
  rules: [fast, slow],
  alertNoData: true,
  noDataAfterMs: 3 * hour,
  notes: [],
  place: 'voice.yaml',
};
const bad = (count: number, total: number) => ({ good: total - count, total });
const counted = (long: object, short: object, more: Partial<Counted> = {}): Counted => ({
  window: bad(300, 1_000_000),
  rules: [
    { long: long as Counted['window'], short: short as Counted['window'] },
    { long: bad(0, 100_000), short: bad(0, 10_000) },
  ],
  lastDataAt: now,
  ...more,
});
const judged = (of: Counted, at = now): Verdict => judgeObjective(objective, of, now, at);
const evidence = { now, sql: () => ({ query: '', params: {} }), beganAt: () => now - hour };
const said = (verdict: Verdict, lastDataAt: number | undefined = now, of = objective) =>
  Object.fromEntries(
    sloJudgements(of, verdict, lastDataAt, evidence).map(({ definition, judgement }) => [definition.identity, judgement.state]),
  );

describe('a verdict, by hand', () => {
  it('fires when both windows burn at the threshold, and only then', () => {
    // 144 bad of 10,000 at 99.9 % are exactly 14.4.
    expect(judged(counted(bad(144, 10_000), bad(12, 833))).rules[0]).toMatchObject({
      state: 'firing',
      long: 14.4,
      bad: 144,
      events: 10_000,
    });
    expect(judged(counted(bad(143, 10_000), bad(12, 833))).rules[0]!.state).toBe('quiet');
    expect(judged(counted(bad(144, 10_000), bad(11, 833))).rules[0]!.state).toBe('quiet');
    const verdict = judged(counted(bad(144, 10_000), bad(12, 833)));
    expect(verdict).toMatchObject({ state: 'burning', allowed: 1000, good: 999_700, total: 1_000_000, share: 0.9997 });
    expect(verdict.left).toBeCloseTo(0.7, 12);
    expect(said(verdict)).toEqual({ slo_page: 'violation', slo_ticket: 'ok', slo_no_data: 'ok' });
  });

  it('too few events say nothing: 347 at 99.9 % with five bad ones', () => {
    expect(judged(counted(bad(6, 347), bad(6, 30))).rules[0]!.state).toBe('low_volume');
    expect(judged(counted(bad(6, 348), bad(6, 30))).rules[0]!.state).toBe('firing');
  });

  it('no data is neither good nor bad: what stood stands, and it is its own state', () => {
    const verdict = judged(counted(bad(0, 0), bad(0, 0)));
    expect(verdict.rules[0]).toMatchObject({ state: 'no_data', long: undefined });
    expect(said(verdict)).toMatchObject({ slo_page: 'waiting' });
    const silent = judgeObjective(objective, counted(bad(0, 0), bad(0, 0), { lastDataAt: now - 3 * hour }), now, now);
    expect(silent.state).toBe('no_data');
    expect(said(silent, now - 3 * hour)).toMatchObject({ slo_page: 'waiting', slo_no_data: 'violation' });
    expect(said(silent, now - 3 * hour, { ...objective, alertNoData: false })).toMatchObject({ slo_no_data: 'ok' });
    const never = judged({ window: bad(0, 0), rules: [], lastDataAt: undefined });
    expect(never).toMatchObject({ state: 'no_data', share: undefined, left: undefined });
    expect(judgeObjective(objective, counted(bad(0, 0), bad(0, 0), { lastDataAt: now - 3 * hour + 1 }), now, now).state).toBe('ok');
  });

  it('is exhausted when nothing is left, overspent below that', () => {
    const spent = judged(counted(bad(0, 1000), bad(0, 100), { window: bad(1000, 1_000_000) }));
    expect(spent).toMatchObject({ state: 'exhausted' });
    expect(judged(counted(bad(0, 1000), bad(0, 100), { window: bad(2500, 1_000_000) })).left).toBeCloseTo(-1.5, 12);
  });

  it('alertAfter waits until it has held for so long', () => {
    const patient = { ...objective, rules: [{ ...fast, afterMs: 5 * minute }] };
    const burning = counted(bad(200, 10_000), bad(20, 833));
    const first = judgeObjective(patient, burning, now, now);
    expect(first.rules[0]!.state).toBe('pending');
    const holding = holdingOf(first);
    expect(judgeObjective(patient, burning, now + 4 * minute, now, holding).rules[0]!.state).toBe('pending');
    expect(judgeObjective(patient, burning, now + 5 * minute, now, holding).rules[0]!.state).toBe('firing');
    const quiet = judgeObjective(patient, counted(bad(0, 10_000), bad(0, 833)), now, now, holding);
    expect(holdingOf(quiet, holding).size).toBe(0);
    // What cannot be seen does not end it.
    expect(holdingOf(judgeObjective(patient, counted(bad(0, 0), bad(0, 0)), now, now, holding), holding)).toEqual(holding);
  });

  it('the fast one silences the slow one of the same objective', () => {
    const both: Counted = {
      ...counted(bad(200, 10_000), bad(20, 833)),
      rules: [
        { long: bad(200, 10_000), short: bad(20, 833) },
        { long: bad(900, 100_000), short: bad(90, 10_000) },
      ],
    };
    expect(said(judged(both))).toMatchObject({ slo_page: 'violation', slo_ticket: 'waiting' });
    const late: Counted = { ...both, rules: [{ long: bad(0, 10_000), short: bad(0, 833) }, both.rules[1]!] };
    expect(said(judged(late))).toMatchObject({ slo_page: 'ok', slo_ticket: 'violation' });
  });

  it('says what burned, by how much and what is left', () => {
    const [page] = sloJudgements(objective, judged(counted(bad(200, 10_000), bad(20, 833))), now, evidence);
    expect(page!.judgement.summary).toBe(
      'calls, Voice (99.9 %): 200 of 10000 events bad in 1h, burn 20 over 1h and 24.01 over 5m (rule fast: burn 14.4 over 1h and 5m (2 % of the budget), from 348 events). That alone spent 2.8 % of the budget; 70 % of it is left.',
    );
    expect(page!.judgement).toMatchObject({
      observed: 20,
      upper: 14.4,
      title: 'Voice: error budget burns 20 times too fast',
      beganAt: now - hour,
    });
  });
});

describe('budgets', () => {
  it('of time slices: slices ahead count, slices without data buy nothing', () => {
    const month: Objective = { ...objective, method: 'Timeslices', target: 0.999, sliceMs: 5 * minute };
    // 30 days have 8,640 slices of five minutes: 8.64 may be bad.
    expect(allowedOf(month, 0, 30 * day)).toBeCloseTo(8.64, 9);
    expect(allowedOf(month, 4320, 15 * day)).toBeCloseTo(8.64, 9);
    // A day without data, 288 slices: 8.352.
    expect(allowedOf(month, 8352, 0)).toBeCloseTo(8.352, 9);
    expect(allowedOf(objective, 1000, 15 * day)).toBeCloseTo(1, 9);
    expect(leftOf(1, 0)).toBeUndefined();
  });

  it('of time slices: a slice is good from its target on', () => {
    const how = { method: 'Timeslices', sliceTarget: 0.9, sliceMinimum: 10 } as const;
    expect(countsOf([bad(1, 10), bad(2, 10), bad(0, 9), bad(0, 0)], how)).toEqual({ good: 1, total: 2 });
    expect(countsOf([bad(1, 10), bad(2, 10)], { ...how, method: 'Occurrences' })).toEqual({ good: 17, total: 20 });
  });

  const slices = fc.array(
    fc.integer({ min: 0, max: 1000 }).chain((total) => fc.integer({ min: 0, max: total }).map((lost) => bad(lost, total))),
    { maxLength: 200 },
  );

  it('a bad event never gives budget back, a good one never takes any; order does not matter; stretches add up', () => {
    fc.assert(
      fc.property(
        slices,
        slices,
        fc.constantFrom('Occurrences', 'Timeslices'),
        fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
        (a, b, method, target) => {
          const how = { ...objective, method, target, sliceTarget: 0.95 } as Objective;
          const [one, two, all] = [countsOf(a, how), countsOf(b, how), countsOf([...a, ...b], how)];
          expect(all).toEqual({ good: one.good + two.good, total: one.total + two.total });
          expect(countsOf([...b, ...a], how)).toEqual(all);
          expect(all.good).toBeLessThanOrEqual(all.total);
          if (all.total === 0) return;
          const left = (good: number, total: number) => leftOf(total - good, allowedOf(how, total, 0))!;
          expect(left(all.good, all.total + 1)).toBeLessThanOrEqual(left(all.good, all.total) + 1e-9);
          expect(left(all.good + 1, all.total + 1)).toBeGreaterThanOrEqual(left(all.good, all.total) - 1e-9);
          expect(left(all.total, all.total)).toBe(1);
        },
      ),
    );
  });
});

describe('where a burn began', () => {
  const at = (index: number, lost: number, total = 100) => ({ at: index * minute, ...bad(lost, total) });
  it('is the slice from which on the bad exceed the rate the most', () => {
    const series = [
      ...Array.from({ length: 30 }, (_, i) => at(i, i % 10 === 0 ? 1 : 0)),
      ...Array.from({ length: 20 }, (_, i) => at(30 + i, 20)),
    ];
    expect(onsetOf(series, 0.07)).toBe(30 * minute);
    expect(onsetOf([], 0.1)).toBeUndefined();
  });
});
