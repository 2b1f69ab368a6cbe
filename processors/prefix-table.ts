/** Longest prefix of a digit string: a trie of ten children a node in one typed array. */

/** Finds the row of the longest prefix. */
export interface PrefixTable {
  /** Index of the row with the longest prefix of the digits, or -1. Reading stops at the first character that is no digit. */
  longest(digits: string): number;
  readonly bytes: number;
}

/**
 * A table over rows with a `prefix` of digits; where a prefix stands twice, the later row wins. Prefixes that are empty or
 * hold anything but digits match nothing.
 * @example createPrefixTable([{ prefix: '49' }, { prefix: '4915' }]).longest('491511234567') // 1
 */
export function createPrefixTable(rows: readonly { readonly prefix: string }[]): PrefixTable {
  let capacity = 64;
  let children = new Int32Array(capacity * 10);
  let rowOf = new Int32Array(capacity).fill(-1);
  let nodes = 1;

  const child = (node: number, digit: number): number => {
    const known = children[node * 10 + digit]!;
    if (known !== 0) return known;
    if (nodes === capacity) {
      capacity *= 2;
      const moreChildren = new Int32Array(capacity * 10);
      moreChildren.set(children);
      children = moreChildren;
      const moreRows = new Int32Array(capacity).fill(-1);
      moreRows.set(rowOf);
      rowOf = moreRows;
    }
    children[node * 10 + digit] = nodes;
    nodes += 1;
    return nodes - 1;
  };

  rows.forEach(({ prefix }, row) => {
    if (!isPrefix(prefix)) return;
    let node = 0;
    for (let at = 0; at < prefix.length; at += 1) node = child(node, prefix.charCodeAt(at) - 48);
    rowOf[node] = row;
  });
  const edges = children.slice(0, nodes * 10);
  const ends = rowOf.slice(0, nodes);

  return {
    bytes: edges.byteLength + ends.byteLength,
    longest(digits) {
      let node = 0;
      let found = -1;
      for (let at = 0; at < digits.length; at += 1) {
        const digit = digits.charCodeAt(at) - 48;
        if (digit < 0 || digit > 9) return found;
        node = edges[node * 10 + digit]!;
        if (node === 0) return found;
        const row = ends[node]!;
        if (row >= 0) found = row;
      }
      return found;
    },
  };
}

function isPrefix(prefix: string): boolean {
  if (prefix.length === 0 || prefix.length > 18) return false;
  for (let at = 0; at < prefix.length; at += 1) {
    const code = prefix.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
