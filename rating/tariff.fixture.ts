/** Tariffs for tests: one rate or more, nothing else. */
import type { Usage } from './rater.ts';
import type { Rate, Tariff, TariffVersion } from './tariff.ts';

export function tariffOf(rates: readonly Rate[], more: Partial<Tariff> = {}, version: Partial<TariffVersion> = {}): Tariff {
  return {
    tariff: 'test',
    currency: 'EUR',
    decimals: 6,
    rounding: 'half_up',
    timeZone: 'UTC',
    versions: [{ version: '1', rates, ...version }],
    allowances: [],
    discounts: [],
    taxes: [],
    ...more,
  };
}

/** A call of a minute to a German mobile on Friday 2026-11-20 at 12:00 UTC. */
export const call = (more: Partial<Usage> = {}): Usage => ({
  service: 'voice',
  at: Date.UTC(2026, 10, 20, 12),
  number: '491701234567',
  zone: '',
  ms: 60_000,
  octets: 0,
  events: 0,
  ...more,
});
