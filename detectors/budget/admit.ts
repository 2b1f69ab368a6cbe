/** Which candidates of one tick may alarm: within the hard budget, or together with others of one group. */

/** Candidates of one family and tick, in columns. Series that are plainly quiet may be left out: `tests` counts them. */
export interface TickCandidates {
  /** Calibrated tail probability. */
  readonly p: Float64Array;
  /** Index of the group (site, partner, region) that shares a cause; -1: none. */
  readonly group: Int32Array;
}

export interface AdmitOptions {
  /** Hard limit p*, see hardLimit. */
  readonly limit: number;
  /** Series tested in this tick, those left out included. */
  readonly tests: number;
  /** Share of false discoveries that the step-up allows. Default 0.01. */
  readonly rate?: number;
  /** Members of one group that must pass the step-up together. Default 5. */
  readonly smallestGroup?: number;
  /** Divide the rate by 1 + 1/2 + … + 1/N: for p values of arbitrary dependence (Benjamini and Yekutieli 2001). Default false. */
  readonly anyDependence?: boolean;
}

/** Why a candidate was admitted. */
export const refused = 0;
export const withinLimit = 1;
export const withGroup = 2;

/**
 * Per candidate `withinLimit`, `withGroup` or `refused`. A candidate passes when p <= p*, or when the step-up procedure of Benjamini and
 * Hochberg (1995) rejects it together with at least four others of its group. The step-up alone bounds the share of false discoveries,
 * not their number: in a quiet tick any hit is false, hence the hard limit for the lone candidate. NaN is refused.
 * Cost O(n) and a sort of the candidates with p <= rate. RangeError for unequal columns.
 * @example
 * const p = Float64Array.of(1e-9, 1e-5, 1e-5, 0.4);
 * admit({ p, group: Int32Array.of(-1, 0, 0, 0) }, { limit: 1e-7, tests: 1000, smallestGroup: 2 }) // Uint8Array [1, 2, 2, 0]
 */
export function admit({ p, group }: TickCandidates, options: AdmitOptions): Uint8Array {
  const { limit, tests, rate = 0.01, smallestGroup = 5, anyDependence = false } = options;
  if (group.length !== p.length) throw new RangeError(`Column group has ${group.length} rows, p has ${p.length}.`);
  const family = Math.max(tests, p.length);
  const bar = stepUpBar(p, anyDependence ? rate / harmonic(family) : rate, family);
  const members = new Map<number, number>();
  for (let i = 0; i < p.length; i++) {
    const key = group[i]!;
    if (key >= 0 && p[i]! <= bar) members.set(key, (members.get(key) ?? 0) + 1);
  }
  return Uint8Array.from(p, (value, i) => {
    if (value <= limit) return withinLimit;
    return value <= bar && (members.get(group[i]!) ?? 0) >= smallestGroup ? withGroup : refused;
  });
}

/**
 * The largest p that the step-up rejects at this rate among `tests` hypotheses; -1 when it rejects none. Those not in `p` count as 1.
 * @example stepUpBar(Float64Array.of(0.001, 0.02, 0.9), 0.05, 4) // 0.02
 */
export function stepUpBar(p: Float64Array, rate: number, tests: number): number {
  const sorted = p.filter((value) => value <= rate).sort();
  for (let i = sorted.length; i > 0; i--) if (sorted[i - 1]! <= (rate * i) / tests) return sorted[i - 1]!;
  return -1;
}

/** 1 + 1/2 + … + 1/n, by Euler's expansion above 100. */
function harmonic(n: number): number {
  if (n > 100) return Math.log(n) + 0.5772156649015329 + 1 / (2 * n);
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += 1 / i;
  return sum;
}
