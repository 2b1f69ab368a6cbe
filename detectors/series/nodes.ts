/** The series of a part as a tree that grows: every prefix of the labels is a node, parents stand before their children. */
import { type Tree, treeOf } from '../rollup/index.ts';

/** Stands between the values of a key; no value of a record holds it. */
const separator = '\u0001';

export interface Nodes {
  readonly size: number;
  /** Index of the parent; -1 = a root. Longer than `size`: room to grow. */
  readonly parent: Int32Array;
  /** Key of each node: its values from coarse to fine. */
  readonly keys: readonly string[];
  /** Nodes by how many values they have, 1 to the number of dimensions; empty below `from`. */
  readonly levels: readonly (readonly number[])[];
  /** Index of the leaf with these values, made with its parents when it is new. */
  leaf(values: readonly string[]): number;
  /** The same of one row of columns, coarse to fine: the way in for whole buckets. */
  leafOf(columns: readonly (readonly string[])[], row: number): number;
  /** The node with these values, one or more from the coarsest; undefined where there is none. */
  find(values: readonly string[]): number | undefined;
  /** Values of a node, coarse to fine. */
  values(node: number): readonly string[];
  tree(): Tree;
}

/** One value above the leaves. */
interface Branch {
  /** Key of all values down to here. */
  readonly key: string;
  /** -1 where so few values make no node. */
  readonly node: number;
  readonly branches: Map<string, Branch>;
  /** Leaves by their last value; only on the last level above them. */
  readonly leaves: Map<string, number>;
}

/**
 * A tree of nodes. A leaf is looked up value by value, as joining the values of each row costs more than all the look-ups.
 * @param depth number of values of a leaf
 * @param from fewest values of a node: 1 = the coarsest is a node too
 * @param keys keys of nodes to begin with, in the order of an earlier tree
 * @example
 * const nodes = createNodes(2, 1);
 * nodes.leaf(['switch', 'voice']); // => 1, and 0 is the switch
 */
export function createNodes(depth: number, from: number, keys: readonly string[] = []): Nodes {
  const names: string[] = [];
  const levels: number[][] = Array.from({ length: depth + 1 }, () => []);
  const top: Branch = { key: '', node: -1, branches: new Map(), leaves: new Map() };
  let parent = new Int32Array(64);
  let tree: Tree | undefined;
  /** The branch of the last row and the row of its values: rows of one branch often follow each other. */
  const last: string[] = new Array<string>(depth - 1);
  let lastBranch = top;

  const add = (key: string, level: number, above: number): number => {
    const node = names.length;
    if (node === parent.length) {
      const wider = new Int32Array(2 * node);
      wider.set(parent);
      parent = wider;
    }
    parent[node] = above;
    names.push(key);
    levels[level]!.push(node);
    tree = undefined;
    return node;
  };

  const keyBelow = ({ key }: Branch, level: number, value: string): string => (level === 1 ? value : key + separator + value);

  /** The branch below with this value, made when it is new. */
  const below = (branch: Branch, level: number, value: string): Branch => {
    const known = branch.branches.get(value);
    if (known !== undefined) return known;
    const key = keyBelow(branch, level, value);
    const node = level < from ? -1 : add(key, level, branch.node);
    const made: Branch = { key, node, branches: new Map(), leaves: new Map() };
    branch.branches.set(value, made);
    return made;
  };

  const leafBelow = (branch: Branch, value: string): number => {
    const known = branch.leaves.get(value);
    if (known !== undefined) return known;
    const node = add(keyBelow(branch, depth, value), depth, branch.node);
    branch.leaves.set(value, node);
    return node;
  };

  const leafOf = (columns: readonly (readonly string[])[], row: number): number => {
    let same = lastBranch !== top;
    for (let at = 0; same && at < depth - 1; at++) same = columns[at]![row] === last[at];
    if (!same) {
      lastBranch = top;
      for (let at = 0; at < depth - 1; at++) {
        last[at] = columns[at]![row]!;
        lastBranch = below(lastBranch, at + 1, last[at]!);
      }
    }
    return leafBelow(lastBranch, columns[depth - 1]![row]!);
  };

  const leaf = (values: readonly string[]): number => {
    let branch = top;
    for (let at = 0; at < depth - 1; at++) branch = below(branch, at + 1, values[at]!);
    return leafBelow(branch, values[depth - 1]!);
  };

  const find = (values: readonly string[]): number | undefined => {
    let branch: Branch | undefined = top;
    for (let at = 0; branch !== undefined && at < Math.min(values.length, depth - 1); at++) branch = branch.branches.get(values[at]!);
    if (branch === undefined || values.length > depth) return undefined;
    if (values.length === depth) return branch.leaves.get(values[depth - 1]!);
    return branch.node < 0 ? undefined : branch.node;
  };

  for (const key of keys) {
    const values = key.split(separator);
    if (values.length === depth) leaf(values);
    else {
      let branch = top;
      for (const [at, value] of values.entries()) branch = below(branch, at + 1, value);
    }
  }
  return {
    get size() {
      return names.length;
    },
    get parent() {
      return parent;
    },
    keys: names,
    levels,
    leaf,
    leafOf,
    find,
    values: (node) => names[node]!.split(separator),
    tree: () => {
      tree ??= treeOf(parent.subarray(0, names.length) as Int32Array);
      return tree;
    },
  };
}
