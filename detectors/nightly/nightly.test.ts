import { describe, expect, it } from 'vitest';
import type { Definition, Judgement } from '../../core/definition.ts';
import { readRows } from '../../core/row.ts';
import { judgeRows } from '../controls/evaluation.fixture.ts';
import { dayMs, isStep, lineMisfit, stepMisfit, withoutWeek } from './days.ts';
import { nightlyDetectors } from './index.ts';
import { measurementDrift } from './measurement-drift.ts';
import { dailyRecords, deviceRow, firstDay, night, normals, type Shape, usageRow } from './rows.fixture.ts';
import { usageDrift } from './usage-drift.ts';
import { usageLevelShift } from './usage-level-shift.ts';

const judge = (definition: Definition, row: object, more: object = {}): Judgement =>
  judgeRows(definition, [row], { instant: night, ...more })[0] as Judgement;
const both = (seed: number, shape: Shape): readonly string[] =>
  [usageDrift, usageLevelShift].map((each) => judge(each, usageRow(dailyRecords(seed, shape))).state);
const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);
const step = (from: number, factor: number) => (day: number) => (day >= from ? factor : 1);
const monthly = (rate: number) => (day: number) => (1 + rate) ** (day / 30);

describe('days', () => {
  it('lose the rhythm of the week and keep trend, step, outlier and gap', () => {
    const weekdays = Array.from({ length: 56 }, (_, at) => at % 7);
    const week = [-3, 1, 1, 1, 1, 2, -2];
    const levels = weekdays.map((_, at) => at * 0.1 + (at >= 30 ? 5 : 0) + (at === 10 ? 50 : 0));
    const values = levels.map((level, at) => (at === 20 ? Number.NaN : level + week[weekdays[at]!]!));
    const plain = withoutWeek(values, weekdays);
    expect(plain[20]).toBeNaN();
    const offset = plain[0]! - levels[0]!;
    plain.forEach((value, at) => {
      if (at !== 20) expect(Math.abs(value - levels[at]! - offset), `day ${at}`).toBeLessThan(0.75);
    });
    expect(withoutWeek([], [])).toEqual([]);
    expect(withoutWeek([1, 2], [0, 1])).toEqual([1, 2]);
  });

  it('are a line or a step', () => {
    const ramp = Array.from({ length: 40 }, (_, at) => at);
    const stair = ramp.map((at) => (at < 20 ? 0 : 10));
    expect(lineMisfit(ramp)).toBe(0);
    expect(stepMisfit(stair, 3)).toBe(0);
    expect([isStep(ramp, 3), isStep(stair, 3)]).toEqual([false, true]);
  });
});

describe('quiet days', () => {
  const quiet = (shape: Shape, most: number, count = 200): void => {
    const fired = seeds(count).flatMap((seed) => both(seed, shape).filter((state) => state === 'violation'));
    expect(fired.length).toBeLessThanOrEqual(most);
  };

  it('with a rhythm of the week say nothing', () => {
    quiet({}, 0);
    quiet({ week: [0.05, 1, 1, 1, 1, 1, 0.1] }, 0);
    quiet({ level: 200, noise: 0.15 }, 1);
    quiet({ level: 50_000, noise: 0.02 }, 0);
  });

  it('that resemble each other say next to nothing', () => {
    quiet({ memory: 0.5, noise: 0.08 }, 1);
    quiet({ memory: 0.8, noise: 0.08 }, 6);
  });

  it('with a holiday, a bridge or an outage of a day say nothing', () => {
    quiet({ of: (day) => (day === 40 || day === 54 ? 0.4 : 1) }, 0, 100);
    quiet({ of: (day) => (day === 54 || day === 55 ? 0.45 : 1) }, 0, 100);
    quiet({ of: (day) => (day === 30 ? 0 : 1) }, 0, 100);
    quiet({ of: (day) => (day === 56 ? 0.3 : 1) }, 0, 100);
  });

  it('with a week of holidays that the calendar knows say nothing', () => {
    const row = usageRow(dailyRecords(1, { of: (day) => (day >= 50 ? 0.4 : 1) }));
    const likeDay = (instant: number): number => (instant >= firstDay + 50 * dayMs ? 3 : 0);
    for (const definition of [usageDrift, usageLevelShift]) {
      const read = readRows(definition.columns, [row]);
      if (!read.ok) throw new Error(read.error);
      const plain = judge(definition, row);
      const evaluation = {
        ...{ tenant: 'main', currency: 'EUR', instant: night, watchingSince: 0, window: { from: 0, to: night }, sources: [], leg: '' },
        limit: (name: string) => definition.limits.find((each) => each.name === name)!.default,
        source: () => ({}),
        likeDay,
      };
      expect(definition.evaluate(read.rows, evaluation)[0]?.state).toBe('ok');
      if (definition === usageLevelShift) expect(plain.state).toBe('violation');
    }
  });

  it('of a series younger than four weeks, thin, or no longer read are not judged or nothing', () => {
    for (const days of [1, 2, 7, 20, 27])
      expect(both(1, { days, of: step(50, 0.2) }), `${days} days`).toEqual(['not_applicable', 'not_applicable']);
    expect(both(1, { level: 30, of: step(40, 0.3) })).not.toContain('violation');
    expect(both(1, { level: 30, of: monthly(-0.3) })).not.toContain('violation');
    const old = usageRow(dailyRecords(1, { of: step(35, 0.3) }).filter(({ day }) => day < 45));
    expect(judge(usageLevelShift, old)).toMatchObject({ state: 'waiting', note: expect.stringContaining('10 days') });
  });

  it('of a history that is being loaded wait', () => {
    const row = usageRow(dailyRecords(1, { of: step(40, 0.3) }), { fresh: '100000' });
    for (const definition of [usageDrift, usageLevelShift])
      expect(judge(definition, row)).toMatchObject({ state: 'waiting', note: 'history is being loaded' });
    const growing = usageRow(dailyRecords(1, { of: (day) => day / 57 }), { fresh: '20000' });
    expect(judge(usageDrift, growing).state).toBe('waiting');
  });
});

describe('a drift', () => {
  it('is found, with its size, and is no shift', () => {
    const found = judge(usageDrift, usageRow(dailyRecords(3, { of: monthly(-0.2) })));
    expect(found).toMatchObject({ state: 'violation', direction: 'down', cell: { leg: 'switch', service: 'voice', partner: 'alder' } });
    expect(found.title).toMatch(/^alder: voice traffic falls by (1[89]|2[012])(\.\d)? % a month$/);
    expect(found.p).toBeLessThan(1e-3);
    expect(found.observed).toBeLessThan(found.lower);
    expect(Number(found.money?.amount)).toBeGreaterThan(1000);
    expect(found.money?.class).toBe('risk');
    for (const rate of [-0.3, -0.2, 0.2, 0.3]) {
      const states = seeds(40).map((seed) => both(seed, { of: monthly(rate) }));
      expect(states.filter(([drift]) => drift === 'violation').length, `${rate}`).toBeGreaterThanOrEqual(38);
      expect(states.filter(([, shift]) => shift === 'violation').length, `${rate}`).toBeLessThanOrEqual(1);
    }
  });

  it('that is small, or over, says nothing', () => {
    const small = seeds(60).filter((seed) => both(seed, { of: monthly(-0.05) }).includes('violation'));
    expect(small.length).toBeLessThanOrEqual(1);
    const over = seeds(60).filter(
      (seed) =>
        judge(usageDrift, usageRow(dailyRecords(seed, { of: (day) => (day < 30 ? 1 - day / 100 : 0.7 + (day - 30) / 150) }))).state ===
        'violation',
    );
    expect(over).toEqual([]);
  });
});

describe('a shift of level', () => {
  it('is found with its date, before and after', () => {
    const found = judge(usageLevelShift, usageRow(dailyRecords(5, { of: step(45, 0.6) })));
    expect(found).toMatchObject({ state: 'violation', direction: 'down', beganAt: firstDay + 45 * dayMs });
    expect(found.title).toMatch(/^alder: voice traffic (39|4[012])(\.\d)? % lower since 2026-11-09$/);
    expect(found.summary).toMatch(/changed its level on 2026-11-09: \d,\d+ records per day before, \d,\d+ since then/);
    expect(found.expected).toBeGreaterThan(found.observed * 1.4);
    expect(found.affected?.share).toBeCloseTo(0.4, 1);
    expect(Number(found.money?.amount)).toBeGreaterThan(500);
  });

  it('is found wherever it begins, up and down, and is no drift', () => {
    for (const [from, factor] of [
      [40, 0.6],
      [48, 0.6],
      [53, 0.5],
      [45, 1.6],
    ] as const) {
      const states = seeds(40).map((seed) => both(seed, { of: step(from, factor) }));
      expect(states.filter(([, shift]) => shift === 'violation').length, `${from} ${factor}`).toBeGreaterThanOrEqual(38);
      expect(states.filter(([drift]) => drift === 'violation').length, `${from} ${factor}`).toBeLessThanOrEqual(1);
    }
  });

  it('down to nothing is one too, as long as the leg itself is read', () => {
    const gone = usageRow(dailyRecords(5, { of: step(45, 0) }));
    const other = usageRow(dailyRecords(6), { partner: 'birch' });
    const [found] = judgeRows(usageLevelShift, [gone, other], { instant: night });
    expect(found).toMatchObject({ state: 'violation', observed: 0, beganAt: firstDay + 45 * dayMs });
    expect(found?.title).toContain('100 % lower');
  });

  it('is told after three days, and is usual after three weeks', () => {
    const at = (from: number): string => judge(usageLevelShift, usageRow(dailyRecords(7, { of: step(from, 0.5) }))).state;
    expect([54, 55, 56].map(at)).toEqual(['ok', 'ok', 'ok']);
    expect(at(53)).toBe('violation');
    expect(at(30)).toBe('ok');
  });

  it('that has come back says nothing', () => {
    const back = seeds(50).filter(
      (seed) =>
        judge(usageLevelShift, usageRow(dailyRecords(seed, { of: (day) => (day >= 44 && day < 54 ? 0.5 : 1) }))).state === 'violation',
    );
    expect(back).toEqual([]);
  });

  it('keeps what it said between the limits, and knows what is not charged', () => {
    const near = judge(usageLevelShift, usageRow(dailyRecords(5, { noise: 0.01, of: step(45, 0.85) })));
    expect(near.state).toBe('waiting');
    const free = judge(usageLevelShift, usageRow(dailyRecords(5, { of: step(45, 0.5) }), { charge: '0', partner: '' }));
    expect(free).toMatchObject({
      state: 'violation',
      note: 'no amount: the series is not charged',
      title: expect.stringMatching(/^voice traffic of switch/),
    });
    expect(free.money).toBeUndefined();
  });
});

describe('a gauge', () => {
  const gauge = (seed: number, of: (day: number) => number, noise = 0.15): number[] => {
    const normal = normals(seed);
    return Array.from({ length: 56 }, (_, day) => of(day) + noise * normal());
  };

  it('that fades is found in time', () => {
    const found = judge(measurementDrift, deviceRow(gauge(1, (day) => -21 - 0.05 * day)));
    expect(found).toMatchObject({
      state: 'violation',
      direction: 'down',
      cell: { metric: 'rx_power_dbm', device: 'ont-1', node: 'olt-1' },
    });
    expect(found.title).toMatch(/^ont-1: rx_power_dbm drifts, 1\.\d+ dBm less in 30 days$/);
    expect(found.observed).toBeCloseTo(-23.75, 0);
    const hot = judge(
      measurementDrift,
      deviceRow(
        gauge(2, (day) => 50 + 0.4 * day, 2),
        { metric: 'temperature', unit: 'celsius' },
      ),
    );
    expect(hot).toMatchObject({ state: 'violation', direction: 'up' });
  });

  it('that is as it is, is young, jumps once, or is constant says nothing', () => {
    const states = seeds(300).map((seed) => judge(measurementDrift, deviceRow(gauge(seed, () => -21))).state);
    expect(states.filter((state) => state === 'violation')).toEqual([]);
    expect(judge(measurementDrift, deviceRow(gauge(1, (day) => (day < 30 ? -21 : -25)))).state).toBe('ok');
    expect(judge(measurementDrift, deviceRow(gauge(1, (day) => -21 - 0.01 * day))).state).not.toBe('violation');
    expect(judge(measurementDrift, deviceRow(new Array(56).fill(7))).state).toBe('ok');
    expect(judge(measurementDrift, deviceRow(new Array(56).fill(0), { unit: 'count' })).state).toBe('ok');
    expect(judge(measurementDrift, deviceRow(gauge(1, (day) => -21 - 0.1 * day).slice(0, 27))).state).toBe('not_applicable');
    expect(judge(measurementDrift, deviceRow([])).state).toBe('not_applicable');
    const weekly = judge(
      measurementDrift,
      deviceRow(
        gauge(3, (day) => 100 * (day % 7 < 5 ? 1 : 0.3), 3),
        { unit: 'percent' },
      ),
    );
    expect(weekly.state).toBe('ok');
  });

  it('that moves with all others says nothing', () => {
    const row = gauge(4, (day) => 40 - 0.3 * day, 0.5);
    const alone = deviceRow(row, { unit: 'celsius', common: -8.4, peers: '5' });
    const together = deviceRow(row, { unit: 'celsius', common: -8.4, peers: '500' });
    expect(judge(measurementDrift, alone).state).toBe('violation');
    expect(judge(measurementDrift, together).state).toBe('ok');
  });
});

it('never gives a figure that is none, whatever comes', () => {
  const wild: readonly (readonly { day: number; records: number }[])[] = [
    [{ day: 0, records: 1 }],
    [{ day: 56, records: 1 }],
    seeds(57).map((day) => ({ day: day - 1, records: 1e15 })),
    seeds(57).map((day) => ({ day: day - 1, records: day % 2 === 0 ? 1e12 : 1 })),
    seeds(57).map((day) => ({ day: day - 1, records: day === 3 ? 1 : 0 })),
  ];
  for (const days of wild)
    for (const definition of [usageDrift, usageLevelShift])
      for (const judgement of judgeRows(definition, [usageRow(days)], { instant: night }))
        for (const name of ['observed', 'expected', 'lower', 'upper', 'statistic', 'p', 'beganAt'] as const)
          expect(Number.isFinite(judgement[name]), `${definition.identity} ${name}`).toBe(true);
  for (const definition of nightlyDetectors) expect(judgeRows(definition, [], { instant: night })).toEqual([]);
});
