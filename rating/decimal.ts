/**
 * Exact amounts: fractions of whole numbers of micro-units, never floats. A price is a decimal; seconds of a price per minute are not, so
 * an amount stays a fraction until it is rounded, once, where the tariff says so.
 */

/**
 * Where a half goes, and what is more or less: `half_up` away from zero, `half_even` to the even neighbour (IEEE 754 roundTiesToEven),
 * `up` away from zero, `down` towards zero, `ceiling` towards plus, `floor` towards minus infinity.
 */
export type RoundingMode = 'half_up' | 'half_even' | 'up' | 'down' | 'ceiling' | 'floor';

/** `n / d` micro-units; `d` is above zero. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Fraction = { n: 0n, d: 1n };

const decimal = /^(-?)(\d{1,15})(?:\.(\d{1,18}))?$/;

/**
 * Whole number of 10^-`scale` units of a decimal string; undefined when it is none, has more decimals, or more than 15 whole digits.
 * @example scaledOf('0.091', 6) // 91000n
 */
export function scaledOf(text: string, scale: number): bigint | undefined {
  const match = decimal.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > scale) return undefined;
  const value = BigInt(match[2]! + fraction.padEnd(scale, '0'));
  return match[1] === '-' ? -value : value;
}

/**
 * A decimal string of whole units as micro-units, with up to 18 decimals; RangeError when it is none: prices are checked when loaded.
 * @example fractionOf('0.0000005') // { n: 500000000000n, d: 1000000000000n }
 */
export function fractionOf(text: string): Fraction {
  const value = scaledOf(text, 18);
  if (value === undefined) throw new RangeError(`not a decimal of at most 18 decimals: ${text}`);
  return { n: value, d: 1_000_000_000_000n };
}

/** @example plus({ n: 1n, d: 2n }, { n: 1n, d: 3n }) // { n: 5n, d: 6n } */
export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.n === 0n) return b;
  if (b.n === 0n) return a;
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

/** @example times({ n: 1n, d: 2n }, 3n, 4n) // { n: 3n, d: 8n } */
export function times(a: Fraction, n: bigint, d: bigint): Fraction {
  return { n: a.n * n, d: a.d * d };
}

/**
 * The same amount in the smallest whole numbers, which are the fastest to compute with.
 * @example reduced({ n: 6n, d: 4n }) // { n: 3n, d: 2n }
 */
export function reduced({ n, d }: Fraction): Fraction {
  let a = n < 0n ? -n : n;
  let b = d;
  while (b !== 0n) [a, b] = [b, a % b];
  return { n: n / a, d: d / a };
}

/** Below zero, zero or above: a compared with b. */
export function compare(a: Fraction, b: Fraction): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * `n / d` as a whole number.
 * @example divided(-5n, 2n, 'half_even') // -2n
 */
export function divided(n: bigint, d: bigint, mode: RoundingMode): bigint {
  const whole = n / d;
  const rest = n % d;
  if (rest === 0n) return whole;
  const away = whole + (n < 0n ? -1n : 1n);
  const twice = (rest < 0n ? -rest : rest) * 2n;
  switch (mode) {
    case 'up':
      return away;
    case 'down':
      return whole;
    case 'ceiling':
      return n > 0n ? away : whole;
    case 'floor':
      return n < 0n ? away : whole;
    case 'half_up':
      return twice >= d ? away : whole;
    case 'half_even':
      return twice > d || (twice === d && whole % 2n !== 0n) ? away : whole;
  }
}

const powers = [1_000_000n, 100_000n, 10_000n, 1_000n, 100n, 10n, 1n];

/**
 * Micro-units, rounded to a number of decimals of the whole unit, 0 to 6.
 * @example rounded({ n: 12_345_000n, d: 1n }, 2, 'half_even') // 12340000n
 */
export function rounded({ n, d }: Fraction, decimals: number, mode: RoundingMode): bigint {
  const step = powers[decimals];
  if (step === undefined) throw new RangeError(`0 to 6 decimals, not ${decimals}`);
  return divided(n, d * step, mode) * step;
}
