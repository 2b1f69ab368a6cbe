import { expect, test } from 'vitest';
import { seasonalBaseline, weekdayType } from './seasonal-baseline.ts';

const hours = (days: number, value: (hour: number, day: number) => number) =>
  Array.from({ length: days * 24 }, (_, i) => ({ time: i * 3600, value: value(i % 24, Math.floor(i / 24)) }));

test('the profile of the time of day', () => {
  const baseline = seasonalBaseline(
    hours(14, (hour) => (hour < 12 ? 10 : 30)),
    { bucketSeconds: 3600 },
  );
  expect(baseline.at(15 * 86_400 + 13 * 3600)).toBeCloseTo(30, 9);
  expect(baseline.at(15 * 86_400)).toBeCloseTo(10, 9);
  expect(baseline.trend).toBeCloseTo(0, 12);
});

test('1970-01-01 was a Thursday; Saturdays and Sundays have their own profile', () => {
  expect([0, 1, 2, 3, 4, 9, 10].map((day) => weekdayType(day * 86_400))).toEqual([0, 0, 1, 2, 0, 1, 2]);
  expect(weekdayType(-86_400)).toBe(0);
  const baseline = seasonalBaseline(
    hours(28, (_, day) => (weekdayType(day * 86_400) === 2 ? 50 : 100)),
    { bucketSeconds: 3600 },
  );
  expect(baseline.at((28 + 3) * 86_400)).toBeCloseTo(50, 6);
  expect(baseline.at(28 * 86_400)).toBeCloseTo(100, 6);
});

test('a calendar of its own: a holiday is a Sunday', () => {
  const holiday = 30;
  const dayType = (time: number) => (Math.floor(time / 86_400) === holiday ? 2 : weekdayType(time));
  const baseline = seasonalBaseline(
    hours(28, (_, day) => (weekdayType(day * 86_400) === 2 ? 50 : 100)),
    { bucketSeconds: 3600, dayType },
  );
  expect(baseline.at(holiday * 86_400)).toBeCloseTo(50, 6);
});

test('follows a trend and is not bent by one bad day', () => {
  const baseline = seasonalBaseline(
    hours(28, (hour, day) => (day === 10 ? 0 : (10 + hour) * (1 + day / 100))),
    { bucketSeconds: 3600 },
  );
  expect(baseline.at(30 * 86_400 + 6 * 3600) / (16 * 1.3)).toBeGreaterThan(0.9);
  expect(baseline.at(30 * 86_400 + 6 * 3600) / (16 * 1.3)).toBeLessThan(1.1);
});

test('without history it knows nothing', () => {
  expect(seasonalBaseline([]).at(0)).toBeNaN();
  expect(seasonalBaseline([{ time: 0, value: Number.NaN }]).at(0)).toBeNaN();
  expect(seasonalBaseline([{ time: 0, value: 3 }]).at(0)).toBe(3);
});
