/** One finding for one cause: many deviating series of a dimension tree become the few that say it all. */
import type { Tree } from './tree.ts';

/** What one tick found, one entry per node of the tree. */
export interface Candidates {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** 1 where the node's own test rejects (admitted by the alarm budget). */
  readonly rejects: Uint8Array;
}

export interface RollUpOptions {
  /** Part of its children's deviation that a parent must explain to stand for them. Default 0.6. */
  readonly smallestShare?: number;
  /** Children that must reject before they are taken as one common cause without the parent explaining them. Default 5. */
  readonly smallestGroup?: number;
}

/** One finding after roll-up. */
export interface Rolled {
  readonly node: number;
  /**
   * `own`: none of its children rejects with it. `parent`: its children moved with it. `group`: part of its children moved; `members` is the smallest
   * set of them that explains the share.
   */
  readonly kind: 'own' | 'parent' | 'group';
  /** Largest deviation first; only for `group`. */
  readonly members: readonly number[];
  /** Every rejecting node below, in order of the tree: its findings are evidence of this one, not findings of their own. */
  readonly evidence: readonly number[];
  /** Part of the rejecting children's deviation that the finding explains, 0 to 1; 1 where none rejects. */
  readonly share: number;
}

/**
 * Walks the tree from the top. A rejecting parent stands for its children when moving all of them by the parent's own relative
 * deviation d explains at least 60 % of what they show: sum min(|gap_i|, |d| e_i) / sum |gap_i| over the rejecting children that moved
 * its way. (A parent that fell because one of many children failed has a small d and explains little, so the finding belongs to the
 * child; where all failed, or all lost the same part, it explains everything.) It also stands for itself when the rejecting children hold
 * less than 60 % of its own deviation: the rest is spread over children too small to reject. Otherwise, with at least five such children,
 * the smallest set that reaches the share by size of deviation; otherwise each child for itself. Children that moved the other way stay
 * findings of their own.
 *
 * Every rejecting node is a finding, evidence of exactly one, or a parent for which its children speak. Linear but for the sorting of
 * groups. RangeError for unequal columns.
 *
 * @example
 * const tree = treeOf(Int32Array.of(-1, 0, 0)); // a node and two cells, both silent
 * const expected = Float64Array.of(200, 100, 100);
 * rollUp(tree, { observed: new Float64Array(3), expected, rejects: Uint8Array.of(1, 1, 1) })
 * // [{ node: 0, kind: 'parent', members: [], evidence: [1, 2], share: 1 }]
 */
export function rollUp(tree: Tree, candidates: Candidates, options: RollUpOptions = {}): Rolled[] {
  const nodes = tree.parent.length;
  for (const [name, column] of Object.entries(candidates) as [string, Float64Array | Uint8Array][]) {
    if (column.length !== nodes) throw new RangeError(`Column ${name} has ${column.length} rows, the tree ${nodes} nodes.`);
  }
  /** 0: not yet decided; otherwise 1 + the index of the finding that the node belongs to. */
  const owner = new Int32Array(nodes);
  const drafts: Draft[] = [];
  for (const node of tree.order) {
    const above = tree.parent[node]!;
    if (owner[node] === 0 && above >= 0 && passesDown(owner, above, drafts, candidates, node)) owner[node] = owner[above]!;
    const held = owner[node]!;
    if (candidates.rejects[node] !== 1) continue;
    if (held > 0) {
      drafts[held - 1]!.evidence.push(node);
      continue;
    }
    const draft = judge(tree, candidates, node, options);
    if (!draft) continue;
    drafts.push(draft);
    owner[node] = drafts.length;
  }
  return drafts.map(({ node, kind, members, evidence, share }) => ({ node, kind, members, evidence, share }));
}

interface Draft {
  readonly node: number;
  readonly kind: Rolled['kind'];
  readonly members: number[];
  readonly evidence: number[];
  readonly share: number;
  readonly sign: number;
}

/** A node below a finding belongs to it, unless it rejects in the other direction. */
function passesDown(owner: Int32Array, above: number, drafts: readonly Draft[], candidates: Candidates, node: number): boolean {
  const held = owner[above]!;
  if (held === 0) return false;
  return candidates.rejects[node] !== 1 || signOf(candidates, node) === drafts[held - 1]!.sign;
}

function signOf({ observed, expected }: Candidates, node: number): number {
  return Math.sign(observed[node]! - expected[node]!);
}

/** The finding at this rejecting node, or none when its children stand for themselves. */
function judge(tree: Tree, candidates: Candidates, node: number, options: RollUpOptions): Draft | undefined {
  const { smallestShare = 0.6, smallestGroup = 5 } = options;
  const sign = signOf(candidates, node);
  const draft = (kind: Rolled['kind'], share: number, members: number[] = []): Draft => ({
    node,
    kind,
    members,
    evidence: [],
    share,
    sign,
  });
  const moved: { child: number; gap: number }[] = [];
  let total = 0;
  let explained = 0;
  const depth = Math.abs(relative(candidates, node));
  for (let i = tree.start[node]!; i < tree.start[node + 1]!; i++) {
    const child = tree.children[i]!;
    if (candidates.rejects[child] !== 1 || signOf(candidates, child) !== sign) continue;
    const gap = Math.abs(candidates.observed[child]! - candidates.expected[child]!);
    total += gap;
    explained += Number.isFinite(depth) ? Math.min(gap, depth * candidates.expected[child]!) : gap;
    moved.push({ child, gap });
  }
  if (!(total > 0)) return draft('own', 1);
  const share = explained / total;
  if (share >= smallestShare) return draft('parent', share);
  const own = Math.abs(candidates.observed[node]! - candidates.expected[node]!);
  if (total < smallestShare * own) return draft('parent', share);
  const members = smallestSet(moved, smallestShare * total);
  if (moved.length < smallestGroup || members.length < 2) return undefined;
  const held = members.reduce((sum, { gap }) => sum + gap, 0);
  return draft(
    'group',
    held / total,
    members.map(({ child }) => child),
  );
}

function relative({ observed, expected }: Candidates, node: number): number {
  return expected[node]! > 0 ? (observed[node]! - expected[node]!) / expected[node]! : Number.POSITIVE_INFINITY;
}

function smallestSet(moved: { child: number; gap: number }[], enough: number): { child: number; gap: number }[] {
  moved.sort((a, b) => b.gap - a.gap || a.child - b.child);
  let held = 0;
  const end = moved.findIndex(({ gap }) => {
    held += gap;
    return held >= enough * (1 - 1e-12);
  });
  return moved.slice(0, end + 1);
}
