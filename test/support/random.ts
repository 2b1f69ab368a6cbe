/** Random numbers that a seed repeats, so that a failed run can be run again. */

export interface Random {
  readonly seed: number;
  /** From 0 (inclusive) to 1. */
  next(): number;
  /** A whole number from `low` to `high`, both inclusive. */
  whole(low: number, high: number): number;
}

/** The seed of WEIR_SEED, else one of the time; printed by whoever uses it. */
export const chosenSeed = (): number => Number(process.env['WEIR_SEED'] ?? Date.now() % 1_000_000_000);

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { seed, next, whole: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}
