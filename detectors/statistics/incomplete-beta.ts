import { gammaln } from 'simple-statistics';

const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const LONGEST = 100_000;

const away = (value: number): number => (Math.abs(value) < SMALLEST ? SMALLEST : value);

/** Continued fraction by Lentz's method; converges fast for x < (a + 1) / (a + b + 2). */
function byFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < LONGEST; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

/**
 * # Regularised incomplete beta function
 * I_x(a, b) and its complement, each computed on the side where it is small. Binomial, negative-binomial and beta tails are this function.
 *
 * Cost: O(sqrt(max(a, b))) terms. Source: NIST DLMF 8.17.22 (continued fraction) and 8.17.4 (symmetry).
 *
 * @param a > 0
 * @param b > 0
 * @param x in [0, 1]
 * @returns `lower` = I_x(a, b), `upper` = 1 - I_x(a, b); NaN outside the domain.
 * @example
 * incompleteBeta(2, 3, 0.5); // => { lower: 0.6875, upper: 0.3125 }
 */
export function incompleteBeta(a: number, b: number, x: number): { lower: number; upper: number } {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1)) return { lower: Number.NaN, upper: Number.NaN };
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === 1) return { lower: 1, upper: 0 };
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (front * byFraction(a, b, x)) / a);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, (front * byFraction(b, a, 1 - x)) / b);
  return { lower: 1 - upper, upper };
}
