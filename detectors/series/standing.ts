/** What stands against a part after a bucket: open series rolled up along the dimensions, one entry for one cause. */
import { rollUp, type Tree } from '../rollup/index.ts';
import type { Onset } from './onset.ts';
import type { Part } from './part.ts';

export interface Standing {
  /** The series that speaks for all. */
  readonly node: number;
  readonly onset: Onset;
  readonly kind: 'own' | 'parent' | 'group';
  /** Of a group: the smallest set of its children that explains it, largest first. */
  readonly members: readonly number[];
  /** Open series below it, which are evidence and no findings of their own. */
  readonly evidence: readonly number[];
  /** Part of what deviates below that it explains, 0 to 1. */
  readonly share: number;
}

/** Everything that is open, rolled up; empty when nothing is. */
export function standingOf({ state }: Part): readonly Standing[] {
  const { nodes, onsets, persistence } = state;
  const open = [...onsets].filter(([node]) => persistence.open[node] === 1);
  if (open.length === 0) return [];
  const observed = new Float64Array(nodes.size);
  const expected = new Float64Array(nodes.size);
  const rejects = new Uint8Array(nodes.size);
  for (const [node, onset] of open) {
    observed[node] = onset.observed;
    expected[node] = onset.expected;
    rejects[node] = 1;
  }
  const tree = nodes.tree();
  return rollUp(tree, { observed, expected, rejects }).flatMap(({ node: top, evidence, ...rest }) => {
    const node = narrowest(tree, top, rejects);
    const onset = onsets.get(node);
    return onset ? [{ node, onset, ...rest, evidence: evidence.filter((each) => !onPath(tree, each, node)) }] : [];
  });
}

/** Down to the only child, as long as there is but one: a leg of one partner that falls is that partner. */
function narrowest(tree: Tree, top: number, rejects: Uint8Array): number {
  let node = top;
  while (tree.start[node + 1]! - tree.start[node]! === 1 && rejects[tree.children[tree.start[node]!]!] === 1)
    node = tree.children[tree.start[node]!]!;
  return node;
}

/** Whether a node is the other, or above it. */
function onPath(tree: Tree, node: number, other: number): boolean {
  for (let at = other; at >= 0; at = tree.parent[at]!) if (at === node) return true;
  return false;
}
