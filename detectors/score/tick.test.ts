import { expect, test } from 'vitest';
import { createSeriesBank, type SeriesBank } from './bank.ts';
import { createTick } from './tick.ts';

const MONDAY = 1_704_067_200;
const HOUR = 3600;
const WEDNESDAY = 23;
const FOUR_LATER = { likeDay: 4 };

/** A feed by the hour, 300 on working days and 90 on Sundays, with a spread of its own; `share` of them as whole numbers. */
const feed = (series: number, hour: number, sunday: boolean): number =>
  Math.round((sunday ? 90 : 300) * (1 + 0.3 * Math.sin((2 * Math.PI * hour) / 24))) + ((hour * 7919 + series * 104729) % 23) - 11;

/** Learns `days` days of `count` series and answers the tick and the bank. */
function learned(count: number, days = WEDNESDAY, add = 0): { bank: SeriesBank; tick: ReturnType<typeof createTick>; indexes: number[] } {
  const bank = createSeriesBank(count);
  const tick = createTick(bank);
  const indexes = Array.from({ length: count }, (_, i) => i);
  for (let hour = 0; hour < days * 24; hour++)
    tick(
      MONDAY + hour * HOUR,
      indexes,
      indexes.map((i) => feed(i, hour, Math.floor(hour / 24) % 7 === 6) + add),
    );
  return { bank, tick, indexes };
}

/** The highest score of a day on which every series behaves as on a Sunday. */
function holiday({ bank, tick, indexes }: ReturnType<typeof learned>, hint?: { likeDay: number }, days = WEDNESDAY, add = 0): number {
  let most = 0;
  for (let hour = days * 24; hour < (days + 1) * 24; hour++) {
    tick(
      MONDAY + hour * HOUR,
      indexes,
      indexes.map((i) => feed(i, hour, true) + add),
      hint,
    );
    most = Math.max(most, ...bank.score);
  }
  return most;
}

test('a holiday that the calendar announces is expected, by a series without peers too', () => {
  const surprised = holiday(learned(1));
  expect(surprised).toBeGreaterThan(3);
  expect(holiday(learned(1), FOUR_LATER)).toBeLessThan(surprised / 2);
});

test('the announced day is believed on a series that does not count', () => {
  const surprised = holiday(learned(1, WEDNESDAY, 0.5), undefined, WEDNESDAY, 0.5);
  expect(holiday(learned(1, WEDNESDAY, 0.5), FOUR_LATER, WEDNESDAY, 0.5)).toBeLessThan(surprised / 2);
});

test('a stop on an announced holiday is found', () => {
  const { bank, tick, indexes } = learned(1);
  for (let hour = WEDNESDAY * 24; hour < WEDNESDAY * 24 + 12; hour++)
    tick(MONDAY + hour * HOUR, indexes, [feed(0, hour, true)], FOUR_LATER);
  let most = 0;
  for (let hour = WEDNESDAY * 24 + 12; hour < WEDNESDAY * 24 + 18; hour++) {
    tick(MONDAY + hour * HOUR, indexes, [0], FOUR_LATER);
    most = Math.max(most, bank.score[0]!);
  }
  expect(most).toBeGreaterThan(4);
});

test('peers say how much of the announced day is seen', () => {
  const world = learned(20);
  const noon = MONDAY + (WEDNESDAY * 24 + 12) * HOUR;
  const ask = (sunday: boolean): number =>
    world.tick(
      noon,
      world.indexes,
      world.indexes.map((i) => feed(i, WEDNESDAY * 24 + 12, sunday)),
      FOUR_LATER,
    ).share;
  expect(ask(true)).toBeGreaterThan(0.8);
  const other = learned(20);
  const none = other.tick(
    noon,
    other.indexes,
    other.indexes.map((i) => feed(i, WEDNESDAY * 24 + 12, false)),
    FOUR_LATER,
  );
  expect(none.likeDay).toBe(4);
  expect(none.share).toBeLessThan(0.3);
});

test('a series that has not seen the day is only judged more carefully', () => {
  const plain = holiday(learned(1, 4), undefined, 4);
  const warned = holiday(learned(1, 4), { likeDay: 2 }, 4);
  expect(warned).toBeLessThan(plain);
  expect(holiday(learned(1, 0), { likeDay: 6 }, 0)).toBe(0);
});

test('a hint that is no day is refused before anything is learned', () => {
  const { bank, tick } = learned(1, 1);
  const before = bank.snapshot();
  for (const likeDay of [0, 7, -1, 1.5, Number.NaN])
    expect(() => tick(MONDAY + 86_400, [0], [300], { likeDay })).toThrow(/likeDay must be a whole number from 1 to 6/);
  expect(bank.snapshot()).toEqual(before);
});

test('what is expected of a count is the less sure the more the week differs from block to block, and the more it scatters', () => {
  const bank = createSeriesBank(3);
  const noon = 12 * HOUR;
  for (let hour = 0; hour < 22 * 24; hour++) {
    const time = MONDAY + hour * HOUR;
    const sunday = Math.floor(hour / 24) % 7 === 6;
    const chance = ((hour * 7919) % 23) - 11;
    bank.push(0, time, 300 + chance);
    bank.push(1, time, (sunday && hour % 24 < 12 ? 60 : 300) + chance);
    bank.push(2, time, 300 + 12 * chance);
  }
  // A Sunday, three weeks in: the block before noon has a fifth of the usual, that after it all of it.
  const sunday = MONDAY + 20 * 86_400;
  expect(bank.unsure(0, sunday + noon, 0)).toBeLessThan(0.05);
  expect(bank.unsure(1, sunday + noon, 0)).toBeGreaterThan(0.15);
  expect(bank.unsure(1, sunday - 2 * 86_400 + noon, 0)).toBeLessThan(0.05);
  expect(bank.unsure(1, sunday - 2 * 86_400 + noon, 2)).toBeGreaterThan(0.15);
  expect(bank.unsure(2, sunday + noon, 0)).toBeGreaterThan(0.1);
  bank.push(0, MONDAY + 22 * 86_400, 0.5);
  expect(bank.unsure(0, MONDAY + 22 * 86_400, 0)).toBe(0);
});
