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
  /** What is above an element, the nearest first, each once: at most 16 levels and 64 elements. */
  above(node: Node): readonly Node[];
  /** What is directly above an element. */
  parents(node: Node): readonly Node[];
  /** Elements without children behind an element; 1 for one that has none itself. */
  leaves(node: Node): number;
  type(node: Node): string;
  name(node: Node): string;
  /** Direct children. */
  children(node: Node): readonly Node[];
}

/** Levels above an element that are looked at, and elements on them. */
const deepest = 16;
const mostAbove = 64;

/**
 * A topology of edges. An element may have several parents: it stands behind each of them. An edge that would close a circle is left out.
 * @example topologyOf([{ parent_type: 'olt', parent: 'o1', child_type: 'pon', child: 'p1' }]).leaves(0) // 1
 */
export function topologyOf(edges: Iterable<Edge>): Topology {
  const numbers = new Map<string, Node>();
  const types: string[] = [];
  const names: string[] = [];
  /** The first parent; most elements have no other, so that a list for each would be waste. */
  const parents: number[] = [];
  const further = new Map<Node, Node[]>();
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
  const none: readonly Node[] = [];
  const furtherOf = (node: Node): readonly Node[] => further.get(node) ?? none;
  /** What is above an element, the nearest level first, each once. */
  const above = (node: Node): Node[] => {
    const found: Node[] = [];
    if (further.size === 0) {
      for (let at = parents[node]!; at >= 0 && found.length < deepest; at = parents[at]!) found.push(at);
      return found;
    }
    let level: Node[] = [node];
    for (let depth = 0; depth < deepest && level.length > 0 && found.length < mostAbove; depth++) {
      const next: Node[] = [];
      for (const at of level) {
        const first = parents[at]!;
        if (first >= 0 && !found.includes(first)) {
          found.push(first);
          next.push(first);
        }
        for (const parent of furtherOf(at)) {
          if (found.includes(parent)) continue;
          found.push(parent);
          next.push(parent);
        }
      }
      level = next;
    }
    return found;
  };
  const children: Node[][] = [];
  for (const { parent_type, parent, child_type, child } of edges) {
    const over = numberOf(parent_type, parent);
    const under = numberOf(child_type, child);
    if (over === under || parents[under] === over || furtherOf(under).includes(over)) continue;
    // What has nothing behind it cannot be above anything.
    if (children[under] !== undefined && above(over).includes(under)) continue;
    if (parents[under] === -1) parents[under] = over;
    else further.set(under, [...furtherOf(under), over]);
    children[over] ??= [];
    children[over].push(under);
  }
  const leaves = new Int32Array(parents.length);
  for (let node = 0; node < parents.length; node++) {
    if (children[node] !== undefined) continue;
    leaves[node] = 1;
    for (const at of above(node)) leaves[at]! += 1;
  }
  const depths = new Int32Array(parents.length).fill(-1);
  const depthOf = (node: Node): number => {
    let depth = depths[node]!;
    if (depth >= 0) return depth;
    depth = 0;
    for (let at = parents[node]!; at >= 0 && depth < deepest; at = parents[at]!) depth++;
    depths[node] = depth;
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
    above,
    parents(node) {
      const first = parents[node]!;
      return first < 0 ? none : further.has(node) ? [first, ...furtherOf(node)] : [first];
    },
    leaves: (node) => leaves[node]!,
    type: (node) => types[node]!,
    name: (node) => names[node]!,
    children: (node) => children[node] ?? none,
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
    const seen = new Set<Node>();
    let level: readonly Node[] = [node];
    for (let depth = 0; depth < deepest && level.length > 0; depth++) {
      const next: Node[] = [];
      for (const branch of level) {
        for (const above of topology.parents(branch)) {
          let entry = counted.get(above);
          if (entry === undefined) {
            entry = { count: 0, branches: new Set() };
            counted.set(above, entry);
          }
          entry.branches.add(branch);
          // By two ways it is still one element.
          if (seen.has(above)) continue;
          seen.add(above);
          entry.count += weight;
          next.push(above);
        }
      }
      level = next;
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
