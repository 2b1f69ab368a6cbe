/** Which incident first: by severity, then by what is at stake. Pure. */
import type { FindingCustomers, FindingMoney } from '../../core/finding.ts';
import type { SeveritySettings } from '../settings.ts';
import type { PipelineSettings } from './settings.ts';

/** What is ranked: an incident or what it is made from. */
export interface Ranked {
  readonly severity: number;
  readonly impact: { readonly money?: FindingMoney | undefined; readonly customers?: FindingCustomers | undefined };
}

/**
 * What is at stake in whole units of the currency of the limits: money, and each customer at what the settings say, times the weight of the
 * segment. For ordering, never booked.
 * @example stakeOf({ customers: { count: 30, segments: { business: 10 } } }, { customerWorth: 2, segmentWeights: { business: 5 } }, { currency: 'EUR', rates: {} }) // 140
 */
export function stakeOf(
  { money, customers }: Ranked['impact'],
  { customerWorth, segmentWeights }: Pick<PipelineSettings, 'customerWorth' | 'segmentWeights'>,
  { currency, rates }: Pick<SeveritySettings, 'currency' | 'rates'>,
): number {
  const amount =
    money === undefined ? 0 : Math.abs(Number(money.amount)) * (money.currency === currency ? 1 : (rates[money.currency] ?? 1));
  let weighted = customers?.count ?? 0;
  for (const [segment, count] of Object.entries(customers?.segments ?? {})) weighted += count * ((segmentWeights[segment] ?? 1) - 1);
  const stake = amount + weighted * customerWorth;
  return Number.isFinite(stake) ? Math.max(0, stake) : 0;
}

/**
 * The rank of an incident, larger first: severity decides, what is at stake orders those of one severity.
 * @example rankOf(1, 5) > rankOf(2, 1e9) // true
 */
export function rankOf(severity: number, stake: number): number {
  return Math.round((5 - severity) * 1000 + Math.min(999, Math.log10(1 + stake) * 80));
}
