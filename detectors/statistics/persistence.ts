/**
 * # Persistence
 * m of the last n: was the limit passed often enough lately? One bucket may be a late file; two of three are not.
 *
 * Cost: O(1); the memory is one number of bits. Source: m-of-n binary integration.
 *
 * @param memory result of the row before, 0 at first; the lowest bit is the latest row
 * @param passed whether this row passed the limit
 * @param needed m
 * @param of n, 1 to 31
 * @returns the new memory and whether m of n passed
 * @example
 * persistence(0b10, true, 2, 3); // => { memory: 0b101, held: true }
 */
export function persistence(memory: number, passed: boolean, needed: number, of: number): { memory: number; held: boolean } {
  const kept = ((memory << 1) | (passed ? 1 : 0)) & (2 ** Math.min(31, of) - 1);
  let bits = 0;
  for (let rest = kept >>> 0; rest > 0; rest >>>= 1) bits += rest & 1;
  return { memory: kept >>> 0, held: bits >= needed };
}
