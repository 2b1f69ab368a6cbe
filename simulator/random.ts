/**
 * Counter-based random numbers: value number `i` of key `k` is a hash of both, so any part of the world (one subscriber in one hour)
 * is generated alone, in any order, with the same result. The mixing step is the public-domain 32-bit finaliser of MurmurHash3.
 */

/** Draws of one key; `next` is the counter. Reused by hot loops through `rekey`. */
export interface Draws {
  key: number;
  next: number;
}

const golden = 0x9e3779b9;

/**
 * Avalanche of 32 bits: every bit of the input changes about half of the output.
 * @example mix(0) // 0
 */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Key of a part of the world: the same path gives the same key, different paths give unrelated ones.
 * @example keyOf(7, 1, 2) === keyOf(7, 2, 1) // false
 */
export function keyOf(seed: number, a: number, b = 0, c = 0): number {
  let h = mix(seed + golden);
  h = mix((h ^ a) + golden);
  h = mix((h ^ b) + golden);
  return mix((h ^ c) + golden);
}

/** Draws of a key from its first value on. */
export function draws(key: number): Draws {
  return { key, next: 0 };
}

/** Points existing draws at another key, without making an object. */
export function rekey(from: Draws, key: number): Draws {
  from.key = key;
  from.next = 0;
  return from;
}

/** 32 uniform bits. */
export function bits(from: Draws): number {
  from.next = (from.next + golden) | 0;
  return mix(from.key ^ mix(from.next));
}

const firstStep = mix(golden);

/**
 * The first `uniform` of a key without drawing it: lets a loop pass over the many parts of a world where nothing happens.
 * @example firstUniform(5) === uniform(draws(5)) // true
 */
export function firstUniform(key: number): number {
  return mix(key ^ firstStep) / 4294967296;
}

const quads = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));

/**
 * Eight hexadecimal digits of 32 bits, from a table: the engine's own conversion takes ten times as long.
 * @example hex(255) // '000000ff'
 */
export function hex(value: number): string {
  return quads[value >>> 16]! + quads[value & 65_535]!;
}

/** Uniform in [0, 1). */
export function uniform(from: Draws): number {
  return bits(from) / 4294967296;
}

/** Uniform integer in [0, below). */
export function integer(from: Draws, below: number): number {
  return Math.floor((bits(from) / 4294967296) * below);
}

/** Exponential with mean 1. */
export function exponential(from: Draws): number {
  return -Math.log(1 - uniform(from));
}

/** Standard normal (Box and Muller 1958). */
export function normal(from: Draws): number {
  return Math.sqrt(2 * exponential(from)) * Math.cos(2 * Math.PI * uniform(from));
}

/** Poisson count: by inversion for small means, rounded normal above 60. */
export function poisson(from: Draws, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(from)));
  let probability = Math.exp(-mean);
  let rest = uniform(from);
  let count = 0;
  while (rest >= probability && count < 400) {
    rest -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
}

/**
 * Index drawn by cumulative weights that end at 1.
 * @example weighted(draws(1), [1]) // 0
 */
export function weighted(from: Draws, cumulative: readonly number[]): number {
  const u = uniform(from);
  let index = 0;
  while (index < cumulative.length - 1 && u >= cumulative[index]!) index++;
  return index;
}
