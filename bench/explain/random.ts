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

/** Generator from a 32-bit seed: sfc32 (Doty-Humphrey, PractRand), 128 bits of state, so that the streams of two seeds do not meet. */
export function newRandom(seed: number): Random {
  let a = 0;
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const uniform = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 15; warm++) uniform();
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
