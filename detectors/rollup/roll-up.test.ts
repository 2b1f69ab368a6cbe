import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidates, rollUp } from './roll-up.ts';
import { summed, type Tree, treeOf } from './tree.ts';

/** Leaves' counts summed up the tree; a node rejects when it lost or gained at least `z` standard deviations. */
function candidatesOf(tree: Tree, leafObserved: Float64Array, leafExpected: Float64Array, z = 5): Candidates {
  const observed = summed(tree, leafObserved);
  const expected = summed(tree, leafExpected);
  const rejects = Uint8Array.from(observed, (o, i) =>
    Math.abs(o - expected[i]!) >= z * Math.sqrt(expected[i]!) && o !== expected[i]! ? 1 : 0,
  );
  return { observed, expected, rejects };
}

/** A root, `nodes` nodes below it, `cells` cells below each. */
function network(nodes: number, cells: number) {
  const parent = new Int32Array(1 + nodes + nodes * cells);
  parent[0] = -1;
  for (let cell = 0; cell < nodes * cells; cell++) parent[1 + nodes + cell] = 1 + Math.floor(cell / cells);
  const tree = treeOf(parent);
  const leaf = (value: (node: number, cell: number) => number) => {
    const column = new Float64Array(parent.length);
    for (let i = 0; i < nodes * cells; i++) column[1 + nodes + i] = value(Math.floor(i / cells), i % cells);
    return column;
  };
  return { tree, leaf };
}

describe('rollUp', () => {
  it('makes one finding with 500 cells in its evidence of a failed node', () => {
    const { tree, leaf } = network(40, 500);
    const found = rollUp(
      tree,
      candidatesOf(
        tree,
        leaf((node) => (node === 7 ? 0 : 100)),
        leaf(() => 100),
      ),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ node: 8, kind: 'parent', share: 1 });
    expect(found[0]?.evidence).toHaveLength(500);
    expect(new Set(found[0]?.evidence.map((node) => tree.parent[node]))).toEqual(new Set([8]));
  });

  it('gives the result of the example', () => {
    const silent = { observed: new Float64Array(3), expected: Float64Array.of(200, 100, 100), rejects: Uint8Array.of(1, 1, 1) };
    expect(rollUp(treeOf(Int32Array.of(-1, 0, 0)), silent)).toEqual([{ node: 0, kind: 'parent', members: [], evidence: [1, 2], share: 1 }]);
  });

  it('leaves the finding at the cell when one of many failed, though the parents reject too', () => {
    const { tree, leaf } = network(3, 20);
    const candidates = candidatesOf(
      tree,
      leaf((node, cell) => (node === 1 && cell === 4 ? 0 : 10_000)),
      leaf(() => 10_000),
    );
    expect([...candidates.rejects.slice(0, 4)]).toEqual([1, 0, 1, 0]);
    expect(rollUp(tree, candidates)).toEqual([{ node: 4 + 20 + 4, kind: 'own', members: [], evidence: [], share: 1 }]);
  });

  it('stands for children that lost the same part, and for those too small to reject', () => {
    const { tree, leaf } = network(1, 300);
    const alike = rollUp(
      tree,
      candidatesOf(
        tree,
        leaf(() => 700),
        leaf(() => 1000),
      ),
    );
    expect(alike).toMatchObject([{ node: 0, kind: 'parent', share: 1 }]);
    expect(alike[0]?.evidence).toHaveLength(301);
    const small = rollUp(
      tree,
      candidatesOf(
        tree,
        leaf(() => 7),
        leaf(() => 10),
      ),
    );
    expect(small).toEqual([{ node: 0, kind: 'parent', members: [], evidence: [1], share: 1 }]);
  });

  it('keeps the parent when the rejecting children hold little of its deviation', () => {
    const { tree, leaf } = network(1, 301);
    const candidates = candidatesOf(
      tree,
      leaf((_, cell) => (cell === 0 ? 0 : 8)),
      leaf((_, cell) => (cell === 0 ? 60 : 10)),
    );
    const [found, ...rest] = rollUp(tree, candidates);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ node: 0, kind: 'parent', evidence: [1, 2] });
  });

  it('groups many of the children and names the smallest set that explains', () => {
    const { tree, leaf } = network(1, 100);
    const candidates = candidatesOf(
      tree,
      leaf((_, cell) => (cell < 20 ? 0 : 100)),
      leaf((_, cell) => (cell < 8 ? 200 : 100)),
    );
    const found = rollUp(tree, candidates);
    expect(found).toHaveLength(1);
    // 8 cells lost 200, 12 lost 100: of 2800 the 60 % are 1680, so all eight large ones and one small.
    expect(found[0]).toMatchObject({ node: 1, kind: 'group', members: [2, 3, 4, 5, 6, 7, 8, 9, 10] });
    expect(found[0]?.evidence).toHaveLength(20);
    expect(found[0]?.share).toBeCloseTo(1700 / 2800, 12);
  });

  it('keeps failures apart that only meet at the top', () => {
    const { tree, leaf } = network(2, 20);
    const apart = candidatesOf(
      tree,
      leaf((_, cell) => (cell === 3 ? 0 : 10_000)),
      leaf(() => 10_000),
    );
    expect([...apart.rejects.slice(0, 3)]).toEqual([1, 1, 1]);
    expect(rollUp(tree, apart).map(({ node, kind }) => [node, kind])).toEqual([
      [6, 'own'],
      [26, 'own'],
    ]);
  });

  it('keeps few children apart and a surge below a fallen node', () => {
    const { tree, leaf } = network(1, 10);
    const few = rollUp(
      tree,
      candidatesOf(
        tree,
        leaf((_, cell) => (cell < 2 ? 0 : 100)),
        leaf(() => 100),
      ),
    );
    expect(few.map(({ node }) => node)).toEqual([2, 3]);
    const mixed = rollUp(
      tree,
      candidatesOf(
        tree,
        leaf((_, cell) => (cell === 0 ? 200 : 10)),
        leaf(() => 100),
      ),
    );
    expect(mixed.map(({ node, kind }) => [node, kind])).toEqual([
      [0, 'parent'],
      [2, 'own'],
    ]);
  });

  it('handles nothing, nodes without expectation and columns that do not fit', () => {
    expect(rollUp(treeOf(new Int32Array(0)), candidatesOf(treeOf(new Int32Array(0)), new Float64Array(0), new Float64Array(0)))).toEqual(
      [],
    );
    const tree = treeOf(Int32Array.of(-1, 0));
    const fresh = rollUp(tree, { observed: Float64Array.of(9, 9), expected: new Float64Array(2), rejects: Uint8Array.of(1, 1) });
    expect(fresh).toEqual([{ node: 0, kind: 'parent', members: [], evidence: [1], share: 1 }]);
    const broken = rollUp(tree, {
      observed: Float64Array.of(Number.NaN, Number.NaN),
      expected: new Float64Array(2),
      rejects: Uint8Array.of(1, 1),
    });
    expect(broken.every(({ share }) => Number.isFinite(share))).toBe(true);
    expect(() => rollUp(tree, { observed: new Float64Array(1), expected: new Float64Array(2), rejects: new Uint8Array(2) })).toThrow(
      'Column observed has 1 rows',
    );
  });

  it('books every rejecting leaf exactly once, as finding or as evidence', () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.constantFrom(0, 50, 100, 250), { minLength: 48, maxLength: 48 }),
    );
    fc.assert(
      fc.property(shape, ([nodes, cells, values]) => {
        const { tree, leaf } = network(nodes, cells);
        const candidates = candidatesOf(
          tree,
          leaf((node, cell) => values[node * cells + cell]!),
          leaf(() => 100),
        );
        const found = rollUp(tree, candidates);
        const booked = found.flatMap(({ node, evidence }) => [node, ...evidence]);
        expect(new Set(booked).size).toBe(booked.length);
        for (let node = 1 + nodes; node < tree.parent.length; node++) expect(booked.includes(node)).toBe(candidates.rejects[node] === 1);
        for (const { share } of found) expect(share).toSatisfy((part: number) => part >= 0 && part <= 1);
      }),
    );
  });
});

describe('treeOf', () => {
  it('lists children in compressed rows, parents first, whatever the numbering', () => {
    const tree = treeOf(Int32Array.of(2, 2, -1, 0));
    expect([...tree.order]).toEqual([2, 0, 1, 3]);
    expect([...tree.children]).toEqual([3, 0, 1]);
    expect([...summed(tree, Float64Array.of(1, 2, 3, 4))]).toEqual([5, 2, 10, 4]);
  });

  it('refuses parents that do not exist and rings', () => {
    expect(() => treeOf(Int32Array.of(-1, 5))).toThrow('Node 1 has parent 5, of 2 nodes.');
    expect(() => treeOf(Int32Array.of(0))).toThrow('Node 0 has parent 0');
    expect(() => treeOf(Int32Array.of(1, 0))).toThrow('ring');
  });

  it('takes a chain of 100,000 without recursion', () => {
    const chain = Int32Array.from({ length: 100_000 }, (_, i) => i - 1);
    const ones = new Float64Array(100_000).fill(1);
    expect(summed(treeOf(chain), ones)[0]).toBe(100_000);
  });
});
