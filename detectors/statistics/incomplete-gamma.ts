import { gammaln } from 'simple-statistics';

const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const LONGEST = 100_000;

/** Series of P(a, x); converges fast for x < a + 1. */
function lowerBySeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let step = 1; step < LONGEST && term > sum * PRECISION; step++) {
    term *= x / (shape + step);
    sum += term;
  }
  return sum * Math.exp(shape * Math.log(x) - x - gammaln(shape));
}

/** Continued fraction of Q(a, x) by Lentz's method; converges fast for x >= a + 1. */
function upperByFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / SMALLEST;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < LONGEST; step++) {
    const a = -step * (step - shape);
    b += 2;
    d = 1 / (Math.abs(a * d + b) < SMALLEST ? SMALLEST : a * d + b);
    c = Math.abs(b + a / c) < SMALLEST ? SMALLEST : b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction * Math.exp(shape * Math.log(x) - x - gammaln(shape));
}

/**
 * # Regularised incomplete gamma function
 * The two shares P(a, x) and Q(a, x) = 1 - P(a, x) of the gamma integral, each computed on the side where it is small, so that neither loses its
 * digits by subtraction. Poisson tails are these two functions.
 *
 * Cost: O(sqrt(shape)) terms. Source: NIST DLMF 8.7.1 (series) and 8.9.2 (continued fraction).
 *
 * @param shape a > 0
 * @param x >= 0
 * @returns `lower` = P, `upper` = Q, both in [0, 1]; NaN for a shape that is not positive or an x below zero.
 * @example
 * incompleteGamma(1, 2); // => { lower: 0.8646647167633873, upper: 0.1353352832366127 }
 */
export function incompleteGamma(shape: number, x: number): { lower: number; upper: number } {
  if (!(shape > 0) || !(x >= 0)) return { lower: Number.NaN, upper: Number.NaN };
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (x < shape + 1) {
    const lower = Math.min(1, lowerBySeries(shape, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, upperByFraction(shape, x));
  return { lower: 1 - upper, upper };
}
