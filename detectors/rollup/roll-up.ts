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
  /** Part of the deviation below that a parent must explain to stand for it. Default 0.6. */
  readonly smallestShare?: number;
  /** Children that must reject before they are taken as one common cause without the parent explaining them. Default 5. */
  readonly smallestGroup?: number;
}

/** One finding after roll-up. */
export interface Rolled {
  readonly node: number;
  /**
   * `own`: nothing below it rejects with it. `parent`: what is below moved with it. `group`: part of its children moved; `members` is the smallest
   * set of them that explains the share.
   */
  readonly kind: 'own' | 'parent' | 'group';
  /** Largest deviation first; only for `group`. */
  readonly members: readonly number[];
  /** Every rejecting node below, in order of the tree: its findings are evidence of this one, not findings of their own. */
  readonly evidence: readonly number[];
  /** Part of what deviates below that the finding explains, 0 to 1; 1 where nothing below rejects. */
  readonly share: number;
}

/**
 * Walks the tree from the top. The effect is looked for where it is finest: at the frontier, the deepest nodes that reject in the
 * parent's direction. A rejecting parent stands for everything below it when moving the whole frontier by the parent's own relative
 * deviation d explains at least 60 % of it: sum min(|gap_i|, |d| e_i) / sum |gap_i|. (A parent that fell because one of many cells
 * failed has a small d and explains little, so the finding belongs to the cell; where all failed, or all lost the same part, it explains
 * everything.) It also stands for itself when the frontier holds less than 60 % of its own deviation: the rest is spread over cells too
 * small to reject. Otherwise, when at least five children reject with it, the smallest set of children that reaches the share by size
 * of deviation; otherwise each child for itself. What moved the other way stays a finding of its own.
 *
 * Every rejecting node is a finding, evidence of exactly one, or a parent for which its children speak. O(nodes x depth).
 * RangeError for unequal columns.
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
  const below = rejectingBelow(tree, candidates);
  for (const node of tree.order) {
    const above = tree.parent[node]!;
    if (owner[node] === 0 && above >= 0 && passesDown(owner, above, drafts, candidates, node)) owner[node] = owner[above]!;
    const held = owner[node]!;
    if (candidates.rejects[node] !== 1) continue;
    if (held > 0) {
      drafts[held - 1]!.evidence.push(node);
      continue;
    }
    const draft = judge(tree, candidates, below, node, options);
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

/** Which directions reject among the nodes below each: bit 1 down, bit 2 up. */
function rejectingBelow(tree: Tree, candidates: Candidates): Uint8Array {
  const below = new Uint8Array(tree.parent.length);
  for (let at = tree.order.length - 1; at >= 0; at--) {
    const node = tree.order[at]!;
    const above = tree.parent[node]!;
    if (above >= 0) below[above]! |= below[node]! | (candidates.rejects[node] === 1 ? bitOf(signOf(candidates, node)) : 0);
  }
  return below;
}

function bitOf(sign: number): number {
  return sign < 0 ? 1 : sign > 0 ? 2 : 0;
}

/** The finding at this rejecting node, or none when its children stand for themselves. */
function judge(tree: Tree, candidates: Candidates, below: Uint8Array, node: number, options: RollUpOptions): Draft | undefined {
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
  const { total, explained } = frontierOf(tree, candidates, below, node, sign);
  if (!(total > 0)) return draft('own', 1);
  const share = explained / total;
  if (share >= smallestShare || total < smallestShare * gapOf(candidates, node)) return draft('parent', share);
  const moved = childrenWith(tree, candidates, node, sign);
  const held = moved.reduce((sum, { gap }) => sum + gap, 0);
  const members = smallestSet(moved, smallestShare * held);
  if (moved.length < smallestGroup || members.length < 2) return undefined;
  const explainedByMembers = members.reduce((sum, { gap }) => sum + gap, 0);
  return draft(
    'group',
    explainedByMembers / held,
    members.map(({ child }) => child),
  );
}

/** What the deepest rejecting nodes below deviate together, and how much of it the node's own relative deviation explains. */
function frontierOf(
  tree: Tree,
  candidates: Candidates,
  below: Uint8Array,
  top: number,
  sign: number,
): { total: number; explained: number } {
  const bit = bitOf(sign);
  const depth = Math.abs(relative(candidates, top));
  let total = 0;
  let explained = 0;
  const open = [top];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (let i = tree.start[node]!; i < tree.start[node + 1]!; i++) {
      const child = tree.children[i]!;
      if (below[child]! & bit) open.push(child);
      else if (candidates.rejects[child] === 1 && signOf(candidates, child) === sign) {
        const gap = gapOf(candidates, child);
        total += gap;
        explained += Number.isFinite(depth) ? Math.min(gap, depth * candidates.expected[child]!) : gap;
      }
    }
  }
  return { total, explained };
}

interface Moved {
  readonly child: number;
  readonly gap: number;
}

function childrenWith(tree: Tree, candidates: Candidates, node: number, sign: number): Moved[] {
  const moved: Moved[] = [];
  for (let i = tree.start[node]!; i < tree.start[node + 1]!; i++) {
    const child = tree.children[i]!;
    if (candidates.rejects[child] === 1 && signOf(candidates, child) === sign) moved.push({ child, gap: gapOf(candidates, child) });
  }
  return moved;
}

function gapOf({ observed, expected }: Candidates, node: number): number {
  return Math.abs(observed[node]! - expected[node]!);
}

function relative({ observed, expected }: Candidates, node: number): number {
  return expected[node]! > 0 ? (observed[node]! - expected[node]!) / expected[node]! : Number.POSITIVE_INFINITY;
}

function smallestSet(moved: Moved[], enough: number): Moved[] {
  moved.sort((a, b) => b.gap - a.gap || a.child - b.child);
  let held = 0;
  const end = moved.findIndex(({ gap }) => {
    held += gap;
    return held >= enough * (1 - 1e-12);
  });
  return moved.slice(0, end + 1);
}
