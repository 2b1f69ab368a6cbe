import fc from 'fast-check';
import { expect, it } from 'vitest';
import { circlesOf } from './circles.ts';
import type { PlacedEdge } from './edge.ts';

const edge = (parent: string, child: string, from = 0, to = 1e15): PlacedEdge => ({
  parent_type: 'x',
  parent,
  child_type: 'x',
  child,
  from,
  to,
  place: `inventory, line ${parent}${child}`,
});

it('finds a circle and says where each of its edges was stated', () => {
  const found = circlesOf([edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('a', 'd'), edge('r', 'a')]);
  expect(found).toHaveLength(1);
  expect(found[0]?.edges.map(({ place }) => place).sort()).toEqual(['inventory, line ab', 'inventory, line bc', 'inventory, line ca']);
});

it('finds none in a tree, nor where two ways lead to one element', () => {
  expect(circlesOf([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')])).toEqual([]);
});

it('finds none among edges that never hold together', () => {
  expect(circlesOf([edge('a', 'b', 0, 10), edge('b', 'a', 10)])).toEqual([]);
  expect(circlesOf([edge('a', 'b', 0, 11), edge('b', 'a', 10)])).toHaveLength(1);
});

it('finds an element that stands behind itself', () => {
  expect(circlesOf([edge('a', 'a')])).toHaveLength(1);
});

it('finds a circle exactly where no order of the elements exists', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 12 }), (pairs) => {
      const edges = pairs.map(([parent, child]) => edge(parent, child));
      // Kahn: elements without parents are taken away until none is left.
      let left = new Set(edges);
      for (let before = -1; before !== left.size; ) {
        before = left.size;
        const children = new Set([...left].map(({ child }) => child));
        left = new Set([...left].filter(({ parent }) => children.has(parent)));
      }
      const found = circlesOf(edges);
      expect(found.length > 0).toBe(left.size > 0);
      for (const { edges: way } of found)
        for (const [at, each] of way.entries()) expect(each.child).toBe(way[(at + 1) % way.length]!.parent);
    }),
  );
});
