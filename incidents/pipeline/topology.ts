/** Which element stands behind which: from edges to what is above an element and how much stands behind it. Pure. */

/** An edge as the table has it. */
export interface Edge {
  readonly parent_type: string;
  readonly parent: string;
  readonly child_type: string;
  readonly child: string;
}

/** Number of an element within a topology. */
export type Node = number;

export interface Topology {
  /** Elements. */
  readonly size: number;
  /** The element that labels name: the deepest one of those that are known. */
  find(labels: Readonly<Record<string, string>>): Node | undefined;
  /** What is above an element, the nearest first, at most 16. */
  above(node: Node): readonly Node[];
  /** Elements without children behind an element; 1 for one that has none itself. */
  leaves(node: Node): number;
  type(node: Node): string;
  name(node: Node): string;
  /** Direct children. */
  children(node: Node): readonly Node[];
}

const deepest = 16;

/**
 * A topology of edges. An element with several parents hangs under the first one given; an edge that would close a circle is left out.
 * @example topologyOf([{ parent_type: 'olt', parent: 'o1', child_type: 'pon', child: 'p1' }]).leaves(0) // 1
 */
export function topologyOf(edges: Iterable<Edge>): Topology {
  const numbers = new Map<string, Node>();
  const types: string[] = [];
  const names: string[] = [];
  const parents: number[] = [];
  const numberOf = (type: string, name: string): Node => {
    const key = `${type}\n${name}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, types.length);
    types.push(type);
    names.push(name);
    parents.push(-1);
    return types.length - 1;
  };
  const isAbove = (node: Node, of: Node): boolean => {
    for (let at = of, steps = 0; at >= 0 && steps <= deepest; at = parents[at]!, steps++) if (at === node) return true;
    return false;
  };
  for (const { parent_type, parent, child_type, child } of edges) {
    const above = numberOf(parent_type, parent);
    const below = numberOf(child_type, child);
    if (parents[below] === -1 && !isAbove(below, above)) parents[below] = above;
  }
  const children: Node[][] = [];
  for (let node = 0; node < parents.length; node++) {
    const parent = parents[node]!;
    if (parent < 0) continue;
    children[parent] ??= [];
    children[parent].push(node);
  }
  const leaves = new Int32Array(parents.length);
  for (let node = 0; node < parents.length; node++) {
    if (children[node] !== undefined) continue;
    for (let at = node, steps = 0; at >= 0 && steps <= deepest; at = parents[at]!, steps++) leaves[at]! += 1;
  }
  const depthOf = (node: Node): number => {
    let depth = 0;
    for (let at = parents[node]!; at >= 0 && depth < deepest; at = parents[at]!) depth++;
    return depth;
  };
  const known: ReadonlySet<string> = new Set(types);
  return {
    size: types.length,
    find(labels) {
      let found: Node | undefined;
      for (const name in labels) {
        if (!known.has(name)) continue;
        const node = numbers.get(`${name}\n${labels[name]}`);
        if (node !== undefined && (found === undefined || depthOf(node) > depthOf(found))) found = node;
      }
      return found;
    },
    above(node) {
      const above: Node[] = [];
      for (let at = parents[node]!; at >= 0 && above.length < deepest; at = parents[at]!) above.push(at);
      return above;
    },
    leaves: (node) => leaves[node]!,
    type: (node) => types[node]!,
    name: (node) => names[node]!,
    children: (node) => children[node] ?? [],
  };
}

/** What is affected behind one element. */
export interface Affected {
  /** Elements without children that are affected. */
  count: number;
  /** Direct children behind which they are. */
  readonly branches: Set<Node>;
}

/** Counts what is affected above each of some elements: `weights` are affected elements of each. */
export function affectedAbove(topology: Topology, weights: ReadonlyMap<Node, number>): Map<Node, Affected> {
  const counted = new Map<Node, Affected>();
  for (const [node, weight] of weights) {
    let branch = node;
    for (const above of topology.above(node)) {
      let entry = counted.get(above);
      if (entry === undefined) {
        entry = { count: 0, branches: new Set() };
        counted.set(above, entry);
      }
      entry.count += weight;
      entry.branches.add(branch);
      branch = above;
    }
  }
  return counted;
}

/** An element is the cause when what is affected behind it is spread over its branches as if it had failed itself, to this part. */
const evenlyFrom = 0.6;

/**
 * Affected branches over those that would be affected if as many elements had been drawn at random from all that stand behind it:
 * about 1 when it failed itself, small when only some of its branches did.
 */
export function evenness(topology: Topology, node: Node, { count, branches }: Affected): number {
  const all = topology.leaves(node);
  let expected = 0;
  for (const child of topology.children(node)) expected += 1 - (1 - topology.leaves(child) / all) ** count;
  return expected === 0 ? 0 : branches.size / expected;
}

/**
 * Elements that are the cause of what is affected: at least `minimumChildren` and `minimumShare` of what stands behind them is affected, in
 * more than one branch and about as evenly as if they had failed themselves; of those above each other the highest.
 */
export function causesOf(
  topology: Topology,
  affected: ReadonlyMap<Node, Affected>,
  { minimumChildren, minimumShare }: { readonly minimumChildren: number; readonly minimumShare: number },
): readonly Node[] {
  const likely = new Set<Node>();
  for (const [node, entry] of affected) {
    if (entry.count < minimumChildren || entry.branches.size < 2) continue;
    if (entry.count < minimumShare * topology.leaves(node)) continue;
    if (evenness(topology, node, entry) >= evenlyFrom) likely.add(node);
  }
  return [...likely].filter((node) => !topology.above(node).some((above) => likely.has(above)));
}
