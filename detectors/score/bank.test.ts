import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeriesBank, type SeriesBank } from './bank.ts';
import { STRIDE } from './layout.ts';
import { scoreSettings } from './settings.ts';

/** Seeded normal deviates. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const MONDAY = 1_704_067_200;

/** Pushes rows 60 s apart and keeps every output. */
function run(values: readonly number[], bank: SeriesBank = createSeriesBank(1), step = 60, start = MONDAY): number[][] {
  return values.map((value, i) => {
    bank.push(0, start + i * step, value);
    return [bank.score[0]!, bank.expected[0]!, bank.lower[0]!, bank.upper[0]!, bank.alarm[0]!];
  });
}

const noisy = (count: number, seed = 1): number[] => {
  const normal = normals(seed);
  return Array.from({ length: count }, () => 100 + 3 * normal());
};

test('a spike stands out', () => {
  const bank = createSeriesBank(1);
  for (let i = 0; i < 500; i++) bank.push(0, i * 60, 100 + (i % 7));
  expect(bank.push(0, 500 * 60, 160)).toBeGreaterThan(4);
  expect(bank.expected[0]!).toBeGreaterThan(98);
  expect(bank.expected[0]!).toBeLessThan(108);
  expect(bank.upper[0]!).toBeLessThan(160);
});

test('the score of a row uses nothing after it', () => {
  const values = noisy(3000);
  values[2500] = 400;
  const all = run(values);
  for (const cut of [1, 29, 31, 500, 1999, 2501, 2600]) expect(run(values.slice(0, cut))).toEqual(all.slice(0, cut));
});

test('a snapshot restored into a new bank goes on with equal outputs', () => {
  const values = noisy(4000);
  const bank = createSeriesBank(1);
  run(values.slice(0, 2000), bank);
  const bytes = bank.snapshot();
  const restarted = createSeriesBank(1);
  restarted.restore(bytes);
  expect(restarted.score[0]).toBe(bank.score[0]);
  expect(run(values.slice(2000), restarted, 60, MONDAY + 120_000)).toEqual(run(values.slice(2000), bank, 60, MONDAY + 120_000));
  expect(restarted.snapshot()).toEqual(bank.snapshot());
});

test('a damaged, foreign or misfitting snapshot is refused and changes nothing', () => {
  const bank = createSeriesBank(2);
  bank.push(0, MONDAY, 5);
  const before = bank.snapshot();
  const flipped = before.slice();
  flipped[100]! ^= 1;
  expect(() => bank.restore(flipped)).toThrow(/checksum/);
  expect(() => bank.restore(before.subarray(0, 8))).toThrow(/too few/);
  expect(() => bank.restore(before.subarray(0, before.length - 1))).toThrow(/needs/);
  expect(() => bank.restore(new Uint8Array(64))).toThrow(/not a snapshot/);
  expect(() => createSeriesBank(3).restore(before)).toThrow(/needs/);
  const older = before.slice();
  older[4] = 99;
  expect(() => bank.restore(older)).toThrow(/layout 99/);
  expect(bank.snapshot()).toEqual(before);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => bank.restore(bytes)).toThrow(RangeError);
    }),
  );
});

test('a series takes at most one kilobyte', () => {
  expect(STRIDE * 4 + 2 * 8).toBeLessThanOrEqual(1024);
});

test('series of a bank do not touch each other', () => {
  const values = noisy(600);
  const bank = createSeriesBank(3);
  const other = normals(9);
  const mixed = values.map((value, i) => {
    bank.push(0, MONDAY + i * 60, 1e6 * other());
    bank.push(2, MONDAY + i * 7, Number.NaN);
    return bank.push(1, MONDAY + i * 60, value);
  });
  expect(mixed).toEqual(run(values).map(([score]) => score));
});

test('constant and zero series score 0 until they move', () => {
  for (const level of [0, 5, -3.5, 1e-9, 1e12]) {
    const rows = run([...Array(500).fill(level), level + Math.max(1, Math.abs(level))]);
    expect(Math.max(...rows.slice(0, 500).map(([score]) => score!))).toBe(0);
    expect(rows[500]![0]!).toBeGreaterThan(3);
  }
});

test('one point, and the first thirty, say nothing', () => {
  const bank = createSeriesBank(1);
  expect(bank.push(0, MONDAY, 1e9)).toBe(0);
  expect(bank.expected[0]).toBe(1e9);
  expect(Math.max(...run([1, 1e6, -1e6, 3, 1e9, 0, 1]).map(([score]) => score!))).toBe(0);
});

test('gaps score 0 and teach nothing', () => {
  const values = noisy(1000);
  const bank = createSeriesBank(1);
  run(values, bank);
  const before = bank.push(0, MONDAY + 1000 * 60, 130);
  const gapped = createSeriesBank(1);
  run(values, gapped);
  for (const gap of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(gapped.push(0, MONDAY + 999.5 * 60, gap)).toBe(0);
  expect(gapped.push(0, Number.NaN, 5)).toBe(0);
  expect(gapped.push(0, MONDAY + 1000 * 60, 130)).toBe(before);
});

test('a row that is not later is judged but teaches nothing', () => {
  const bank = createSeriesBank(1);
  run(noisy(1000), bank);
  const late = bank.push(0, MONDAY + 10 * 60, 300);
  const again = bank.push(0, MONDAY + 999 * 60, 300);
  expect(late).toBeGreaterThan(3);
  expect(again).toBeGreaterThan(3);
  const fresh = createSeriesBank(1);
  run(noisy(1000), fresh);
  expect(bank.push(0, MONDAY + 1000 * 60, 104)).toBe(fresh.push(0, MONDAY + 1000 * 60, 104));
});

test('a clock set back for good is believed after a hundred rows', () => {
  const bank = createSeriesBank(1);
  run(noisy(1000), bank);
  const back = run(noisy(1500, 3), bank, 60, MONDAY - 40 * 86_400);
  expect(back.every((row) => row.every(Number.isFinite))).toBe(true);
  expect(back.at(-1)![1]!).toBeGreaterThan(95);
});

test('a clock change of an hour twice a year begins no alarm on a flat series', () => {
  const begins: number[] = [];
  for (let seed = 1; seed < 6; seed++) {
    const normal = normals(seed);
    const bank = createSeriesBank(1);
    let before = 0;
    for (let i = 0; i < 20_000; i++) {
      const shift = i >= 8000 && i < 14_000 ? 3600 : 0;
      bank.push(0, MONDAY + i * 300 + shift, 100 + 3 * normal());
      if (bank.alarm[0] === 1 && before === 0) begins.push(i);
      before = bank.alarm[0]!;
    }
  }
  const nearChange = begins.filter((i) => (i >= 8000 && i < 8300) || (i >= 14_000 && i < 14_300));
  expect(nearChange).toEqual([]);
  expect(begins.length).toBeLessThan(4);
});

test('a unit change by 1000 is found at once and learned', () => {
  const normal = normals(2);
  const bank = createSeriesBank(1);
  run(noisy(2000), bank);
  const after = run(
    Array.from({ length: 3000 }, () => 100_000 + 3000 * normal()),
    bank,
    60,
    MONDAY + 2000 * 60,
  );
  expect(after[0]![0]!).toBeGreaterThan(6);
  expect(after[0]![4]).toBe(1);
  expect(after.at(-1)![1]!).toBeGreaterThan(90_000);
  expect(after.slice(1500).filter(([score]) => score! > 4).length).toBeLessThan(5);
});

test('a drop that lasts is found on a count whose buckets say little', () => {
  const normal = normals(11);
  const quarter = (i: number, share: number) =>
    Math.max(0, Math.round(share * (60 + 30 * Math.sin((2 * Math.PI * i) / 96)) + 8 * normal()));
  const bank = createSeriesBank(1);
  let before = 0;
  for (let i = 0; i < 28 * 96; i++) {
    const score = bank.push(0, MONDAY + i * 900, quarter(i, 1));
    if (i > 15 * 96) before = Math.max(before, score);
  }
  let during = 0;
  for (let i = 28 * 96; i < 28 * 96 + 16; i++) during = Math.max(during, bank.push(0, MONDAY + i * 900, quarter(i, 0.6)));
  expect(during).toBeGreaterThan(before);
  expect(during).toBeGreaterThan(5);
  expect(bank.alarm[0]).toBe(1);
});

test('the alarm keeps its budget on quiet data and ends when the trouble ends', () => {
  const normal = normals(21);
  const bank = createSeriesBank(1);
  let alarms = 0;
  for (let i = 0; i < 60_000; i++) {
    bank.push(0, MONDAY + i * 60, 100 + 3 * normal());
    alarms += bank.alarm[0]!;
  }
  expect(alarms).toBe(0);
  bank.push(0, MONDAY + 60_000 * 60, 200);
  expect(bank.alarm[0]).toBe(1);
  for (let i = 60_001; i < 60_060; i++) bank.push(0, MONDAY + i * 60, 100 + 3 * normal());
  expect(bank.alarm[0]).toBe(0);
});

test('whatever comes, outputs are finite and scores not negative', () => {
  const wild = fc.oneof(
    fc.double(),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(0, -0, 1e308, -1e308, 1e30, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, 100, 0.5),
  );
  const step = fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.constantFrom(0, 60, 900, 86_400), fc.double());
  fc.assert(
    fc.property(fc.array(fc.tuple(step, wild), { minLength: 40, maxLength: 150 }), (rows) => {
      const bank = createSeriesBank(1);
      let time = 0;
      for (const [delta, value] of rows) {
        time += Number.isFinite(delta) && Math.abs(delta) < 1e9 ? delta : 60;
        const score = bank.push(0, time, value);
        const sound =
          score >= 0 &&
          Number.isFinite(score) &&
          (!Number.isFinite(value) || (Number.isFinite(bank.expected[0]!) && bank.lower[0]! <= bank.upper[0]!));
        if (!sound) expect.fail(`${value} at ${time}: ${score}, ${bank.lower[0]} <= ${bank.expected[0]} <= ${bank.upper[0]}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('settings are checked by name and bounds', () => {
  expect(scoreSettings({ allowance: 1 }).allowance).toBe(1);
  expect(() => scoreSettings({ allowence: 1 })).toThrow(/'allowence' is not known/);
  expect(() => scoreSettings({ allowance: 'x' })).toThrow(/from 0.1 to 5/);
  expect(() => scoreSettings({ clip: Number.NaN })).toThrow(RangeError);
  expect(() => scoreSettings(JSON.parse('{"__proto__":1}'))).toThrow(RangeError);
});
