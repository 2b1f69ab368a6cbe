import { expect, test } from 'vitest';
import { SCORE_HEADER, scoreFiles, scoreLine } from './csv.ts';
import { timestampSeconds } from './timestamp.ts';

const rows = Array.from({ length: 100 }, (_, i) => i);
const spike = { name: 'a', timestamps: rows.map((i) => String(i * 60)), values: rows.map((i) => (i === 90 ? '99' : '5')) };

test('a row for each row, in order', () => {
  const [scored] = scoreFiles([spike]);
  expect(scored!.score[90]).toBeGreaterThan(3);
  expect(scored!.score[89]).toBe(0);
  expect(SCORE_HEADER).toBe('timestamp,value,expected,lower,upper,score,alarm');
  expect(scoreLine(scored!, 0)).toBe('0,5,5,5,5,0,0');
  expect(scoreLine(scored!, 90)).toMatch(/^5400,99,5,[\d.]+,[\d.]+,[\d.]+,1$/);
});

test('unreadable rows stay rows', () => {
  const [scored] = scoreFiles([{ name: 'a', timestamps: ['', 'yesterday', '60', '0', '120'], values: ['1', '2', '', 'x,"y"', '5'] }]);
  expect(Array.from(scored!.score)).toEqual([0, 0, 0, 0, 0]);
  expect(scoreLine(scored!, 1)).toBe('yesterday,2,,,,0,0');
  expect(scoreLine(scored!, 3)).toBe('0,"x,""y""",,,,0,0');
  expect(scoreLine(scored!, 4)).toBe('120,5,5,5,5,0,0');
  expect(scoreFiles([])).toEqual([]);
  expect(scoreFiles([{ name: 'empty', timestamps: [], values: [] }])[0]!.score.length).toBe(0);
});

const peers = (days: number, strike: (day: number) => number) =>
  Array.from({ length: 12 }, (_, file) => {
    const steps = Array.from({ length: days * 24 }, (_, i) => i);
    const value = (i: number) =>
      String(
        Math.round(
          (400 + 40 * file) * strike(Math.floor(i / 24)) * (1 + 0.4 * Math.sin((i * Math.PI) / 12)) + ((i * 7919 * (file + 3)) % 31),
        ),
      );
    return { name: `p${file}`, timestamps: steps.map((i) => String(1_704_067_200 + i * 3600)), values: steps.map(value) };
  });

test('what all peers do is not the fault of one', () => {
  const world = peers(24, (day) => (day === 22 ? 0.6 : 1));
  const most = (files: ReturnType<typeof scoreFiles>) =>
    Math.max(...files.map((file) => Math.max(...file.score.subarray(22 * 24, 23 * 24))));
  const together = most(scoreFiles(world));
  const alone = Math.max(...world.map((file) => most(scoreFiles([file]))));
  expect(together).toBeLessThan(alone / 2);
});

test('is causal over all files: cut at a time, nothing before changes', () => {
  const world = peers(20, (day) => (day === 17 ? 0.6 : 1));
  const all = scoreFiles(world);
  const cut = 17 * 24 + 9;
  const part = scoreFiles(world.map((file) => ({ ...file, timestamps: file.timestamps.slice(0, cut), values: file.values.slice(0, cut) })));
  for (let file = 0; file < world.length; file++) {
    expect(part[file]!.score).toEqual(all[file]!.score.slice(0, cut));
    expect(part[file]!.lower).toEqual(all[file]!.lower.slice(0, cut));
    expect(part[file]!.alarm).toEqual(all[file]!.alarm.slice(0, cut));
  }
});

test('files with other times and other order are merged without loss', () => {
  const times = ['300', '60', '60', '120', 'x', '900'];
  const [a, b] = scoreFiles([
    { name: 'a', timestamps: times, values: times.map(() => '1') },
    { name: 'b', timestamps: ['70', '130'], values: ['2', '3'] },
  ]);
  expect(a!.expected.length).toBe(6);
  expect(scoreLine(a!, 4)).toMatch(/^x,1,1,0.99\d+,1.00\d+,0,0$/);
  expect(b!.expected.every(Number.isFinite)).toBe(true);
});

test('timestamps as they stand in files', () => {
  expect(timestampSeconds('2014-07-01 00:30:00')).toBe(1_404_174_600);
  expect(timestampSeconds('2014-07-01T00:30')).toBe(1_404_174_600);
  expect(timestampSeconds('2014-07-01T02:30:00+02:00')).toBe(1_404_174_600);
  expect(timestampSeconds('2014-07-01')).toBe(1_404_172_800);
  expect(timestampSeconds(' 1404174600 ')).toBe(1_404_174_600);
  expect(timestampSeconds('1404174600000')).toBe(1_404_174_600);
  expect(timestampSeconds('1404174600000000')).toBe(1_404_174_600);
  expect(timestampSeconds('')).toBeNaN();
  expect(timestampSeconds('soon')).toBeNaN();
  expect(timestampSeconds('9'.repeat(100))).toBeNaN();
});
