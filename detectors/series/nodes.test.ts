import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNodes } from './nodes.ts';

test('the example', () => {
  const nodes = createNodes(2, 1);
  expect(nodes.leaf(['switch', 'voice'])).toBe(1);
  expect(nodes.keys[0]).toBe('switch');
  expect(nodes.values(1)).toEqual(['switch', 'voice']);
});

test('a tree that begins with the second value has no node for the first', () => {
  const nodes = createNodes(3, 2);
  expect(nodes.leaf(['switch', 'n1', 'c1'])).toBe(1);
  expect(nodes.leaf(['switch', 'n1', 'c2'])).toBe(2);
  expect(nodes.find(['switch'])).toBeUndefined();
  expect(nodes.find(['switch', 'n1'])).toBe(0);
  expect(nodes.levels).toEqual([[], [], [0], [1, 2]]);
  expect([...nodes.parent.subarray(0, 3)]).toEqual([-1, 0, 0]);
});

test('values that are empty, and the same value on two levels or below two parents, are told apart', () => {
  const nodes = createNodes(2, 1);
  const leaves = [
    ['a', ''],
    ['', 'a'],
    ['a', 'a'],
    ['', ''],
  ].map((values) => nodes.leaf(values));
  expect(new Set(leaves).size).toBe(4);
  expect(leaves.map((leaf) => nodes.values(leaf))).toEqual([
    ['a', ''],
    ['', 'a'],
    ['a', 'a'],
    ['', ''],
  ]);
});

test('what is not there is not found, and looking makes nothing', () => {
  const nodes = createNodes(2, 1);
  nodes.leaf(['a', 'b']);
  expect([['b'], ['a', 'c'], ['b', 'b'], ['a', 'b', 'c'], []].map((values) => nodes.find(values))).toEqual(Array(5).fill(undefined));
  expect(nodes.size).toBe(2);
});

const value = fc.constantFrom('', 'a', 'b', 'c', 'ä', '0');
const trees = fc.integer({ min: 1, max: 3 }).chain((depth) =>
  fc.record({
    depth: fc.constant(depth),
    from: fc.integer({ min: 1, max: depth }),
    rows: fc.array(fc.array(value, { minLength: depth, maxLength: depth }), { maxLength: 60 }),
  }),
);

test('parents stand before their children, a leaf keeps its index, and rows of columns give the same as values', () => {
  fc.assert(
    fc.property(trees, ({ depth, from, rows }) => {
      const nodes = createNodes(depth, from);
      const leaves = rows.map((values) => nodes.leaf(values));
      const columns = Array.from({ length: depth }, (_, at) => rows.map((values) => values[at]!));
      const byRow = createNodes(depth, from);
      expect(rows.map((_, row) => byRow.leafOf(columns, row))).toEqual(leaves);
      expect(rows.map((_, row) => nodes.leafOf(columns, row))).toEqual(leaves);
      expect(rows.map((values) => nodes.find(values))).toEqual(leaves);
      for (const [row, leaf] of leaves.entries()) expect(nodes.values(leaf)).toEqual(rows[row]);
      for (let node = 0; node < nodes.size; node++) {
        const above = nodes.parent[node]!;
        const values = nodes.values(node);
        expect(above).toBeLessThan(node);
        expect(nodes.levels[values.length]).toContain(node);
        if (above < 0) expect(values.length).toBe(from);
        else expect(nodes.values(above)).toEqual(values.slice(0, -1));
      }
      expect(nodes.levels.flat().length).toBe(nodes.size);
    }),
  );
});

test('a tree made from the keys of another is the same tree, and grows in the same way', () => {
  fc.assert(
    fc.property(trees, ({ depth, from, rows }) => {
      const nodes = createNodes(depth, from);
      const half = rows.length >> 1;
      for (const values of rows.slice(0, half)) nodes.leaf(values);
      const again = createNodes(depth, from, nodes.keys);
      for (const values of rows) expect(again.leaf(values)).toBe(nodes.leaf(values));
      expect(again.keys).toEqual(nodes.keys);
      expect(again.levels).toEqual(nodes.levels);
      expect([...again.tree().parent]).toEqual([...nodes.tree().parent]);
    }),
  );
});

test('more nodes than there was room for keep their parents', () => {
  const nodes = createNodes(2, 1);
  for (let i = 0; i < 500; i++) nodes.leaf([`n${i % 7}`, `c${i}`]);
  expect(nodes.size).toBe(507);
  expect(nodes.tree().children.length).toBe(500);
});
