import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  budgetOf,
  budgetShareOf,
  burnOf,
  ceilingOf,
  detectionMs,
  leastTargetOf,
  minimumEventsOf,
  reaches,
  thresholdOf,
  weekRules,
  workbookRules,
} from './burn.ts';
import { lengthText } from './duration.ts';
import { ruleProblem, ruleText, usualRules } from './rules.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('burn rates equal the published tables', () => {
  it('SRE workbook, table 5-8: recommended parameters for 99.9 % over 30 days', () => {
    // Burn rate, long, short, budget consumed.
    expect(
      workbookRules.map((rule) => [
        thresholdOf(rule.budgetShare, 30 * day, rule.longMs),
        rule.severity,
        rule.longMs,
        rule.shortMs,
        rule.budgetShare,
      ]),
    ).toEqual([
      [14.4, 'page', hour, 5 * minute, 0.02],
      [6, 'page', 6 * hour, 30 * minute, 0.05],
      [1, 'ticket', 3 * day, 6 * hour, 0.1],
    ]);
    for (const { longMs, shortMs } of workbookRules) expect(longMs / shortMs).toBe(12);
  });

  it('SRE workbook, table 5-4: time until the budget of 30 days is spent, by burn rate, for 99.9 %', () => {
    // Error rate, days until it is exhausted.
    for (const [burn, errorRate, exhausted] of [
      [1, 0.001, 30 * day],
      [2, 0.002, 15 * day],
      [10, 0.01, 3 * day],
      [1000, 1, 43.2 * minute],
    ] as const) {
      expect(burnOf(errorRate * 1e6, 1e6, 0.999)).toBe(burn);
      expect((30 * day) / burn).toBeCloseTo(exhausted, 6);
    }
  });

  it('SRE workbook, table 5-6: budget consumed by burn rate and window', () => {
    expect(budgetShareOf(14.4, 30 * day, hour)).toBe(0.02);
    expect(budgetShareOf(6, 30 * day, 6 * hour)).toBe(0.05);
    expect(budgetShareOf(1, 30 * day, 3 * day)).toBe(0.1);
    // A total outage at 99.9 %: found 52 s after it began.
    expect(detectionMs(14.4, 0.999, 1, hour)).toBe(51_840);
  });

  it('Sloth, windows of 7 days', () => {
    expect(weekRules.map((rule) => thresholdOf(rule.budgetShare, 7 * day, rule.longMs))).toEqual([13.44, 3.5, 1.4, 0.98]);
  });

  it('by hand', () => {
    expect([0.9, 0.99, 0.999, 0.9999].map(budgetOf)).toEqual([0.1, 0.01, 0.001, 0.0001]);
    expect([0.5, 0.9, 0.99, 0.999].map(ceilingOf)).toEqual([2, 10, 100, 1000]);
    expect(burnOf(0, 0, 0.99)).toBeUndefined();
    expect(burnOf(0, 10, 0.99)).toBe(0);
    // 14.4 needs at least 93.06 %, 6 at least 83.33 %.
    expect(leastTargetOf(14.4)).toBeCloseTo(0.930556, 6);
    expect(leastTargetOf(6)).toBeCloseTo(0.833333, 6);
    // Five bad events at the threshold: 348 events at 99.9 %, 35 at 99 %.
    expect(minimumEventsOf(14.4, 0.999, 5)).toBe(348);
    expect(minimumEventsOf(14.4, 0.99, 5)).toBe(35);
  });

  it('the ceiling is never exceeded, and reached when everything is bad', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (target, total, share) => {
          const burn = burnOf(total * share, total, target)!;
          expect(burn).toBeLessThanOrEqual(ceilingOf(target) * (1 + 1e-9));
          expect(reaches(burnOf(total, total, target)!, ceilingOf(target), false)).toBe(true);
          expect(reaches(burnOf(total, total, target)!, ceilingOf(target), true)).toBe(false);
        },
      ),
    );
  });
});

const rule = {
  name: 'fast',
  severity: 'page',
  threshold: 14.4,
  strict: false,
  longMs: hour,
  shortMs: 5 * minute,
  afterMs: 0,
  minimumEvents: 1,
};
const frame = { target: 0.999, method: 'Occurrences', sliceMs: minute, periodMs: 30 * day, minimumBad: 5 } as const;

describe('rules that could never fire', () => {
  it('are refused with the arithmetic', () => {
    expect(ruleProblem(rule, frame)).toBeUndefined();
    expect(ruleProblem(rule, { ...frame, target: 0.9 })).toEqual({
      message: 'can never fire: with the objective 90 % the highest burn rate is 1 / (1 - 0.9) = 10, below the threshold 14.4',
      hint: 'A threshold of at most 10, or an objective of at least 93.06 %. For ratios with a low natural ceiling use a detector against the own past.',
    });
    expect(ruleProblem({ ...rule, threshold: 10 }, { ...frame, target: 0.9 })).toBeUndefined();
    expect(ruleProblem({ ...rule, threshold: 10, strict: true }, { ...frame, target: 0.9 })?.message).toContain(
      'not above the threshold 10',
    );
    expect(ruleProblem({ ...rule, longMs: 31 * day }, frame)?.message).toBe(
      'can never fire: its window of 31d is longer than the window of the objective, 30d',
    );
    expect(ruleProblem(rule, { ...frame, sliceMs: 15 * minute })?.message).toBe(
      'can never fire: its short window of 5m holds no whole slice of 15m',
    );
  });

  it('are those that a total outage does not reach', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.9999, noNaN: true }),
        fc.double({ min: 0.1, max: 2000, noNaN: true }),
        (target, threshold) => {
          const outage = burnOf(1000, 1000, target)!;
          expect(ruleProblem({ ...rule, threshold }, { ...frame, target }) === undefined).toBe(reaches(outage, threshold, false));
        },
      ),
    );
  });

  it('are left out of the usual ones, and that is said', () => {
    expect(usualRules(frame).rules.map(({ name, minimumEvents }) => [name, minimumEvents])).toEqual([
      ['page-1h', 348],
      ['page-6h', 834],
      ['ticket-3d', 5000],
    ]);
    const low = usualRules({ ...frame, target: 0.9 });
    expect(low.rules.map(({ name }) => name)).toEqual(['page-6h', 'ticket-3d']);
    expect(low.notes).toEqual([expect.stringContaining('the usual rule page-1h is left out, it can never fire')]);
    expect(usualRules({ ...frame, periodMs: 7 * day }).rules.map(({ threshold }) => threshold)).toEqual([13.44, 3.5, 1.4, 0.98]);
    expect(usualRules({ ...frame, periodMs: day }).rules.every(({ longMs }) => longMs <= day)).toBe(true);
  });

  it('are described', () => {
    expect(ruleText({ ...rule, minimumEvents: 348 }, 30 * day)).toBe('burn 14.4 over 1h and 5m (2 % of the budget), from 348 events');
    expect([5 * minute, hour, 90 * minute, 3 * day, 14 * day].map(lengthText)).toEqual(['5m', '1h', '90m', '3d', '2w']);
  });
});
