import { expect, test } from 'vitest';
import { cellDimensions, explanationOf, levelAround, placeGap, type UsageCells } from './around.ts';
import { beginOnset } from './onset.ts';

interface Cell {
  readonly labels: Partial<Record<(typeof cellDimensions)[number], string>>;
  readonly now: number;
  readonly usual: number;
  readonly nowDown?: number;
  readonly usualDown?: number;
}

function cellsOf(cells: readonly Cell[]): UsageCells {
  return {
    labels: Object.fromEntries(
      cellDimensions.map((dimension) => [dimension, cells.map(({ labels }) => labels[dimension] ?? '')]),
    ) as unknown as UsageCells['labels'],
    nowUp: cells.map(({ now }) => now),
    nowDown: cells.map(({ nowDown = 0 }) => nowDown),
    usualUp: cells.map(({ usual }) => usual),
    usualDown: cells.map(({ usualDown = 0 }) => usualDown),
  };
}

const acme = { partner: 'acme' };
const cell = (node: string, partner: string, now: number, usual: number): Cell => ({ labels: { node, partner }, now, usual });

test('a node that brings less of everything else explains what the series lost with it', () => {
  const cells = cellsOf([cell('n1', 'acme', 50, 100), cell('n1', 'other', 500, 1000)]);
  expect(levelAround(cells, acme)).toBeCloseTo(0.5, 10);
});

test('a node whose others are as usual explains nothing', () => {
  expect(levelAround(cellsOf([cell('n1', 'acme', 0, 100), cell('n1', 'other', 1000, 1000)]), acme)).toBe(1);
  // Within three deviations of chance.
  expect(levelAround(cellsOf([cell('n1', 'acme', 0, 100), cell('n1', 'other', 910, 1000)]), acme)).toBe(1);
});

test('nodes weigh by what the series usually has on them', () => {
  const cells = cellsOf([
    cell('n1', 'acme', 0, 300),
    cell('n1', 'other', 0, 900),
    cell('n2', 'acme', 100, 100),
    cell('n2', 'other', 900, 900),
  ]);
  expect(levelAround(cells, acme)).toBeCloseTo(0.25, 10);
});

test('one of several nodes that fell alone is the matter of the node, unless it is the larger part of the series', () => {
  const alone = (fallen: number, standing: number) => cellsOf([cell('n1', 'acme', 100, fallen), cell('n2', 'acme', standing, standing)]);
  expect(levelAround(alone(400, 600), acme)).toBeCloseTo(0.6 + 0.4 * 0.25, 10);
  expect(levelAround(alone(700, 300), acme)).toBe(1);
  expect(levelAround(cellsOf([cell('n1', 'acme', 100, 400)]), acme)).toBe(1);
});

test('a node that is all the series and brings nothing, or less while data is known to be missing, is to blame', () => {
  expect(levelAround(cellsOf([cell('n1', 'acme', 0, 400)]), acme)).toBe(0);
  expect(levelAround(cellsOf([cell('n1', 'acme', 100, 400)]), acme, true)).toBe(0.25);
});

test('a series that had nothing is as it always was', () => {
  expect(levelAround(cellsOf([cell('n1', 'other', 5, 400)]), acme)).toBe(1);
  expect(levelAround(cellsOf([]), acme)).toBe(1);
});

const standing = (expected: number, observed: number) => ({
  onset: { ...beginOnset(0, 'down'), to: 900_000, expected, observed },
});

test('the values that fell are named, with the part that they explain', () => {
  const routes = ['r1', 'r2', 'r3', 'r4'];
  const rats = ['2g', '4g', '5g'];
  const cells = cellsOf(
    routes.flatMap((route) => rats.map((rat) => ({ labels: { partner: 'acme', route, rat }, now: route === 'r2' ? 0 : 100, usual: 100 }))),
  );
  const [first] = explanationOf(cells, acme, 'count', standing(1200, 900));
  expect(first).toMatchObject({ dimensions: { route: 'r2' } });
  expect(first!.share).toBeGreaterThan(0.9);
});

test('nothing is named where all fell alike, where nothing was usual, or where there is only one value', () => {
  const alike = cellsOf(['r1', 'r2', 'r3'].map((route) => ({ labels: { partner: 'acme', route }, now: 50, usual: 100 })));
  expect(explanationOf(alike, acme, 'count', standing(300, 150))).toEqual([]);
  const fresh = cellsOf(['r1', 'r2'].map((route) => ({ labels: { partner: 'acme', route }, now: 50, usual: 0 })));
  expect(explanationOf(fresh, acme, 'count', standing(300, 150))).toEqual([]);
  const one = cellsOf([{ labels: { partner: 'acme', route: 'r1' }, now: 0, usual: 100 }]);
  expect(explanationOf(one, acme, 'count', standing(100, 0))).toEqual([]);
  expect(explanationOf(alike, { partner: 'nobody' }, 'count', standing(300, 150))).toEqual([]);
});

test('of a ratio the value whose rate fell is named, not the one with more attempts', () => {
  const cells = cellsOf(
    ['r1', 'r2', 'r3', 'r4'].map((route) => ({
      labels: { partner: 'acme', route },
      now: route === 'r3' ? 300 : route === 'r1' ? 6000 : 600,
      usual: 600,
      nowDown: route === 'r1' ? 10_000 : 1000,
      usualDown: 1000,
    })),
  );
  const [first] = explanationOf(cells, acme, 'ratio', standing(7800, 7500));
  expect(first).toMatchObject({ dimensions: { route: 'r3' } });
});

test('what a place lacks is counted: a route for all who pass it, with the calls of its partner that came in', () => {
  const calls = (partner: string, route: string, now: number, nowDown: number): Cell => ({
    labels: { partner, route },
    ...{ now, nowDown, usual: 660, usualDown: 1000 },
  });
  const cells = cellsOf([
    calls('acme', 'A1', 160, 1000),
    calls('roam', 'A1', 10, 100),
    calls('acme', '', 330, 1000),
    calls('acme', 'A2', 650, 1000),
    calls('host', '', 6600, 10_000),
  ]);
  const onset = { ...beginOnset(0, 'down'), observed: 7750, expected: 8646, carriers: 13_100 };
  const gap = (...places: Record<string, string>[]): number => placeGap(cells, {}, places, 'ratio', { onset });
  expect(gap({ partner: 'acme', route: 'A1' })).toBeCloseTo(160 + 10 + 330 - 0.66 * 2100, 6);
  expect(gap({ route: 'A1' })).toBeCloseTo(160 + 10 - 0.66 * 1100, 6);
  expect(gap({ partner: 'host' })).toBeCloseTo(0, 6);
  expect(gap({ route: 'A1' }, { partner: 'acme' })).toBeCloseTo(160 + 10 + 330 + 650 - 0.66 * 3100, 6);
  expect(placeGap(cells, { partner: 'host' }, [{ route: 'A1' }], 'ratio', { onset })).toBe(0);
});

test('what a place lacks of a count is taken from earlier weeks, scaled as the series is', () => {
  const cells = cellsOf([cell('n1', 'acme', 10, 100), cell('n2', 'acme', 100, 100)]);
  const onset = { ...beginOnset(0, 'down'), observed: 110, expected: 220 };
  expect(placeGap(cells, {}, [{ node: 'n1' }], 'count', { onset })).toBe(10 - 110);
  expect(placeGap(cellsOf([]), {}, [{ node: 'n1' }], 'count', { onset })).toBe(0);
});
