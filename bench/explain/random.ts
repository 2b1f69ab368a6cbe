/** Seeded random numbers and the distributions that the generator of causes needs. */

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  normal(): number;
  /** Log-uniform between the limits. */
  logUniform(low: number, high: number): number;
  gamma(shape: number): number;
  poisson(mean: number): number;
  /** Count with the given mean and variance = dispersion * mean: a Poisson count whose mean is gamma. */
  count(mean: number, dispersion: number): number;
}

/** Generator from a 32-bit seed (mulberry32). */
export function newRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    // Marsaglia and Tsang 2000.
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    // Exact by splitting: half of a large mean's arrivals are placed by a gamma time (Ahrens and Dieter 1974).
    let left = mean;
    let total = 0;
    while (left > 30) {
      const m = Math.floor(left * 0.875);
      const time = gamma(m);
      if (time > left) return total + binomial(m - 1, left / time, uniform);
      total += m;
      left -= time;
    }
    let product = uniform();
    const limit = Math.exp(-left);
    while (product > limit) {
      total++;
      product *= uniform();
    }
    return total;
  };
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal,
    logUniform: (low, high) => low * (high / low) ** uniform(),
    gamma,
    poisson,
    count: (mean, dispersion) => {
      if (mean <= 0) return 0;
      return dispersion <= 1.000001 ? poisson(mean) : poisson(gamma(mean / (dispersion - 1)) * (dispersion - 1));
    },
  };
}

function binomial(n: number, p: number, uniform: () => number): number {
  let hits = 0;
  for (let i = 0; i < n; i++) if (uniform() < p) hits++;
  return hits;
}
