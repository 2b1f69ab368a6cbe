import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelShifts } from './level-shift.ts';

test('finds the day', () => {
  expect(levelShifts([10, 11, 10, 9, 10, 20, 21, 19, 20, 20])).toEqual([{ at: 5, before: 10, after: 20 }]);
});

test('finds two, ignores one bad day, says nothing about noise', () => {
  const noise = (i: number) => {
    const x = Math.sin(i * 12.9898) * 43758.5453;
    return x - Math.floor(x) - 0.5;
  };
  const two = Array.from({ length: 60 }, (_, i) => (i < 20 ? 100 : i < 45 ? 80 : 120) + 4 * noise(i));
  expect(levelShifts(two).map(({ at }) => at)).toEqual([20, 45]);
  const spike = Array.from({ length: 40 }, (_, i) => (i === 17 ? 300 : 100 + 4 * noise(i)));
  for (const { before, after } of levelShifts(spike)) expect(Math.abs(after - before)).toBeLessThan(5);
  expect(levelShifts(Array.from({ length: 60 }, (_, i) => 100 + 4 * noise(i)))).toEqual([]);
});

test('is optimal: no single cut is better than the one it finds', () => {
  const cost = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 12 }), (values) => {
      const found = levelShifts(values);
      fc.pre(found.length === 1);
      const at = found[0]!.at;
      for (let cut = 3; cut <= values.length - 3; cut++)
        expect(cost(values.slice(0, at)) + cost(values.slice(at))).toBeLessThanOrEqual(
          cost(values.slice(0, cut)) + cost(values.slice(cut)) + 1e-9,
        );
    }),
    { numRuns: 1000 },
  );
});

test('keeps a start that loses while the cut behind it is still too near', () => {
  // Pruned too early, the search found a cut here that saves less than the penalty.
  expect(levelShifts([3, 8, 4, 3, 6, 6, 5, 4, 4, 3, 9])).toEqual([]);
});

test('too short, constant or with gaps: nothing', () => {
  expect(levelShifts([1, 2, 3])).toEqual([]);
  expect(levelShifts(Array(20).fill(5))).toEqual([]);
  expect(levelShifts([1, 1, 1, Number.NaN, 9, 9, 9])).toEqual([]);
});
