import { describe, expect, it } from 'vitest';
import { cellsOf, leavesOf } from './cells.ts';
import { estimateDispersion } from './dispersion.ts';
import { newGrouper, stride } from './group.ts';
import { choicesOf } from './scan.ts';
import { shortlist } from './shortlist.ts';

describe('choicesOf', () => {
  it('lists every choice, fewest first', () => {
    expect(choicesOf(3, 2)).toEqual([[0], [1], [2], [0, 1], [0, 2], [1, 2]]);
    expect(choicesOf(5, 3)).toHaveLength(25);
  });
});

describe('grouping', () => {
  it('sums directly, by hash and with wide keys alike', () => {
    const rows = 500;
    const column = (n: number) => Int32Array.from({ length: rows }, (_, i) => (i * i * 7 + i) % n);
    const codes = [column(7), column(11), column(13)];
    const observed = Float64Array.from({ length: rows }, (_, i) => i);
    const leaves = { origin: new Int32Array(rows), codes, observed, expected: observed, trials: observed, skipped: 0 };
    const sums = (sizes: readonly number[]) => {
      const groups = newGrouper(leaves, sizes)([0, 1, 2]);
      const parts = Array.from({ length: groups.count }, (_, g) => [groups.first[g], groups.sums[stride * g], groups.sums[stride * g + 2]]);
      return JSON.stringify(parts);
    };
    const direct = sums([7, 11, 13]);
    expect(JSON.parse(direct).length).toBeGreaterThan(50);
    expect(sums([700, 1100, 1300])).toBe(direct);
    expect(sums([70_000, 110_000, 130_000])).toBe(direct);
    expect(() => sums([700_000, 1_100_000, 1_300_000])).toThrow('fold rare values');
  });
});

describe('shortlist', () => {
  it('keeps the strongest of each direction and counts what could be found', () => {
    const rows = [90, 10, 100, 300, 101].map((observed, i) => ({ values: { a: `a${i}` }, observed, expected: 100 }));
    const leaves = leavesOf(cellsOf(['a'], rows));
    const lists = shortlist(newGrouper(leaves, [5])([0]), false, 1, 5);
    expect(lists.candidates).toBe(5);
    expect(lists.down.map(({ observed }) => observed)).toEqual([10]);
    expect(lists.up.map(({ observed }) => observed)).toEqual([300]);
  });
});

describe('estimateDispersion', () => {
  it('is the mean squared deviation over the variance, and 1 for too few cells', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ values: {}, observed: 100 + (i % 2 === 0 ? 20 : -20), expected: 100 }));
    const leaves = leavesOf(cellsOf([], rows));
    expect(estimateDispersion(leaves, () => 100)).toBe(4);
    expect(estimateDispersion(leavesOf(cellsOf([], rows.slice(0, 9))), () => 100)).toBe(1);
  });
});
