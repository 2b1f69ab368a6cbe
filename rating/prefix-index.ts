/** Longest prefix of a number, in a trie of digits: a few nanoseconds per digit, nothing allocated. */

export interface PrefixIndex {
  /** Entry of the longest prefix of a number of digits; -1 = none. Whatever is no digit ends the number. */
  longest(number: string): number;
}

/**
 * An index of prefixes; the entry is the place in the list, of equal prefixes the first. The empty prefix holds for every number.
 * RangeError for a prefix that is not digits, at most 20.
 * @example newPrefixIndex(['49', '4917', '']).longest('491701234567') // 1
 */
export function newPrefixIndex(prefixes: readonly string[]): PrefixIndex {
  const nodes = [...new Set(prefixes.flatMap((prefix) => Array.from(prefix, (_, at) => prefix.slice(0, at + 1))))];
  const children = new Int32Array((nodes.length + 1) * 10);
  const entries = new Int32Array(nodes.length + 1).fill(-1);
  let used = 0;
  prefixes.forEach((prefix, entry) => {
    if (!/^\d{0,20}$/.test(prefix)) throw new RangeError(`not a prefix of at most 20 digits: ${prefix}`);
    let node = 0;
    for (let at = 0; at < prefix.length; at++) {
      const slot = node * 10 + prefix.charCodeAt(at) - 48;
      if (children[slot] === 0) children[slot] = ++used;
      node = children[slot]!;
    }
    if (entries[node] === -1) entries[node] = entry;
  });
  return {
    longest(number) {
      let node = 0;
      let found = entries[0]!;
      for (let at = 0; at < number.length; at++) {
        const digit = number.charCodeAt(at) - 48;
        if (digit < 0 || digit > 9) break;
        node = children[node * 10 + digit]!;
        if (node === 0) break;
        if (entries[node] !== -1) found = entries[node]!;
      }
      return found;
    },
  };
}
