/** Money is integer micro-units of a currency: 1.25 EUR = 1_250_000. Never a float of whole units. */
export interface Money {
  /** Decimal string, e.g. "1250.5". */
  readonly amount: string;
  readonly currency: string;
}

const decimal = /^([+-]?)(\d{1,9})(?:\.(\d{1,}))?$/;

/**
 * Micro-units of a decimal string, rounded half away from zero at the sixth decimal; NaN when it is not a decimal of at most
 * nine whole digits.
 * @example toMicro('-1.25') // -1250000
 */
export function toMicro(amount: string): number {
  const match = decimal.exec(amount);
  if (!match) return Number.NaN;
  const fraction = (match[3] ?? '').padEnd(7, '0');
  const micro = Number(match[2]) * 1e6 + Number(fraction.slice(0, 6)) + (fraction.charCodeAt(6) >= 53 ? 1 : 0);
  return match[1] === '-' && micro !== 0 ? -micro : micro;
}

/**
 * Decimal string of micro-units, without needless zeros.
 * @example fromMicro(1250000) // '1.25'
 */
export function fromMicro(micro: number): string {
  const whole = Math.trunc(Math.abs(micro) / 1e6);
  const fraction = Math.abs(micro) - whole * 1e6;
  const text = fraction === 0 ? `${whole}` : `${whole}.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`;
  return micro < 0 ? `-${text}` : text;
}
