/** Amounts of findings from micro-units. */
import type { FindingMoney } from '../../core/finding.ts';
import { fromMicro } from '../../core/money.ts';

/** What is said of an amount; all in micro-units. */
export interface Amount {
  readonly micro: number;
  readonly low?: number;
  readonly high?: number;
  readonly class: FindingMoney['class'];
  readonly method: string;
}

/** Two decimals, because an estimate has no more; at least one cent is shown where there is an amount at all. */
function decimal(micro: number): string {
  const cents = Math.round(micro / 1e4);
  return fromMicro((cents === 0 && micro > 0 ? 1 : cents) * 1e4);
}

/**
 * An amount as findings carry it, rounded to two decimals.
 * @example amountOf({ micro: 36900000, class: 'leakage', method: 'sum of charges' }, 'EUR').amount // '36.9'
 */
export function amountOf({ micro, low, high, class: kind, method }: Amount, currency: string): FindingMoney {
  return {
    amount: decimal(micro),
    currency,
    class: kind,
    method,
    ...(low === undefined ? {} : { low: decimal(low) }),
    ...(high === undefined ? {} : { high: decimal(high) }),
  };
}

/**
 * The value below which a share of the values lies, between neighbours (type 7 of Hyndman and Fan); 0 of nothing.
 * @example quantileOf([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantileOf(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}
