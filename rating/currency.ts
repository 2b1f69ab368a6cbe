/** Amounts in another currency. */
import { type Fraction, fractionOf, type RoundingMode, rounded } from './decimal.ts';
import { isValid, type Validity } from './tariff.ts';

/** One unit of `from` is `rate` units of `to`. */
export interface ExchangeRate extends Validity {
  readonly from: string;
  readonly to: string;
  /** Decimal string. */
  readonly rate: string;
}

export interface Converter {
  /** Micro-units in the other currency, rounded; undefined: no rate is valid at the instant. */
  convert(micro: bigint, from: string, to: string, at: number): bigint | undefined;
}

/**
 * A converter by a list of rates; of several that are valid the one valid since last holds. A rate serves both ways, the stated way first.
 * RangeError for a rate that is no decimal or not above zero.
 * @example
 * newConverter([{ from: 'USD', to: 'EUR', rate: '0.92' }], 2, 'half_even').convert(1_000_000n, 'USD', 'EUR', 0) // 920000n
 */
export function newConverter(rates: readonly ExchangeRate[], decimals: number, mode: RoundingMode): Converter {
  const ready = [...rates]
    .sort((a, b) => (b.validFrom ?? Number.NEGATIVE_INFINITY) - (a.validFrom ?? Number.NEGATIVE_INFINITY))
    .map((of) => ({ of, value: positive(of) }));
  const find = (from: string, to: string, at: number): Fraction | undefined =>
    ready.find(({ of }) => of.from === from && of.to === to && isValid(of, at))?.value;
  return {
    convert(micro, from, to, at) {
      if (from === to) return micro;
      const straight = find(from, to, at);
      const back = straight ? undefined : find(to, from, at);
      if (straight) return rounded({ n: micro * straight.n, d: straight.d * 1_000_000n }, decimals, mode);
      return back ? rounded({ n: micro * back.d * 1_000_000n, d: back.n }, decimals, mode) : undefined;
    },
  };
}

function positive({ from, to, rate }: ExchangeRate): Fraction {
  const value = fractionOf(rate);
  if (value.n <= 0n) throw new RangeError(`rate of ${from} in ${to} is ${rate}`);
  return value;
}
