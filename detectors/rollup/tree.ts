/** A dimension tree in columns: region over site over cell, partner over trunk over route. */

/** Children of every node, in compressed rows: those of node i stand at children[start[i]] … children[start[i + 1] - 1]. */
export interface Tree {
  readonly parent: Int32Array;
  readonly start: Int32Array;
  readonly children: Int32Array;
  /** Every node, parents before their children. */
  readonly order: Int32Array;
}

/**
 * Builds the tree from the parent of each node (-1: a root). Linear. RangeError when a parent does not exist or the links form a ring.
 * @example treeOf(Int32Array.of(-1, 0, 0)).children // Int32Array [1, 2]
 */
export function treeOf(parent: Int32Array): Tree {
  const nodes = parent.length;
  const start = new Int32Array(nodes + 1);
  for (let node = 0; node < nodes; node++) {
    const above = parent[node]!;
    if (above < -1 || above >= nodes || above === node) throw new RangeError(`Node ${node} has parent ${above}, of ${nodes} nodes.`);
    if (above >= 0) start[above + 1]!++;
  }
  for (let node = 0; node < nodes; node++) start[node + 1]! += start[node]!;
  const children = new Int32Array(start[nodes]!);
  const next = start.slice();
  for (let node = 0; node < nodes; node++) if (parent[node]! >= 0) children[next[parent[node]!]!++] = node;
  return { parent, start, children, order: orderOf(parent, start, children) };
}

function orderOf(parent: Int32Array, start: Int32Array, children: Int32Array): Int32Array {
  const order = new Int32Array(parent.length);
  let filled = 0;
  for (let node = 0; node < parent.length; node++) if (parent[node] === -1) order[filled++] = node;
  for (let at = 0; at < filled; at++) {
    const node = order[at]!;
    for (let i = start[node]!; i < start[node + 1]!; i++) order[filled++] = children[i]!;
  }
  if (filled < parent.length) throw new RangeError('The parents of some nodes form a ring.');
  return order;
}

/**
 * Adds every node's value to all nodes above it: leaf counts become counts of sites, regions and the whole. Linear.
 * @example summed(treeOf(Int32Array.of(-1, 0, 0)), Float64Array.of(0, 3, 4)) // Float64Array [7, 3, 4]
 */
export function summed(tree: Tree, column: Float64Array): Float64Array {
  const out = column.slice();
  for (let at = tree.order.length - 1; at >= 0; at--) {
    const node = tree.order[at]!;
    const above = tree.parent[node]!;
    if (above >= 0) out[above]! += out[node]!;
  }
  return out;
}
