/** What customers pay and what the host charges. Rates are stateless (no allowance is counted down), so any record is priced alone. */
import type { Service } from './rhythm.ts';

export type Zone = 'national' | 'europe' | 'world' | 'roaming';

/** A price per unit in micro-units of the currency. Data is charged by started KiB. */
export interface Rate {
  readonly service: Service;
  readonly zone: Zone;
  readonly setup: number;
  /** Per minute, message or MiB; a multiple of 60 for voice, so that a second has an exact price. */
  readonly perUnit: number;
  readonly incrementSeconds: number;
  readonly minimumSeconds: number;
  /** Why it costs nothing; empty = it is charged. */
  readonly zeroReason: string;
}

export interface Plan {
  readonly name: string;
  readonly tariff: string;
  readonly version: string;
  readonly segment: 'consumer' | 'business' | 'vip';
  /** Micro-units per month. */
  readonly recurring: number;
  /** Events relative to the mean subscriber, by service. */
  readonly appetite: Readonly<Record<Service, number>>;
  readonly rates: Readonly<Record<Service, Readonly<Record<Zone, Rate>>>>;
}

export const currency = 'USD';

type Prices = Readonly<Record<Zone, number>>;

function rates(service: Service, prices: Prices, increment: number, minimum: number, included: boolean): Record<Zone, Rate> {
  const rate = (zone: Zone): Rate => ({
    service,
    zone,
    setup: service === 'voice' && zone === 'world' ? 50_000 : 0,
    perUnit: prices[zone],
    incrementSeconds: increment,
    minimumSeconds: minimum,
    zeroReason: prices[zone] === 0 && included ? 'allowance' : '',
  });
  return { national: rate('national'), europe: rate('europe'), world: rate('world'), roaming: rate('roaming') };
}

function table(voice: Prices, sms: Prices, data: Prices, increment: number): Plan['rates'] {
  return {
    voice: rates('voice', voice, increment, increment, true),
    sms: rates('sms', sms, 0, 0, true),
    data: rates('data', data, 0, 0, true),
  };
}

const prices = (national: number, europe: number, world: number, roaming: number): Prices => ({ national, europe, world, roaming });

export const plans: readonly Plan[] = [
  {
    name: 'flex',
    tariff: 'flex',
    version: '3',
    segment: 'consumer',
    recurring: 0,
    appetite: { voice: 0.9, sms: 1, data: 0.6 },
    rates: table(
      prices(60_000, 180_000, 420_000, 300_000),
      prices(50_000, 90_000, 120_000, 150_000),
      prices(8_000, 8_000, 8_000, 20_000),
      60,
    ),
  },
  {
    name: 'smart',
    tariff: 'smart',
    version: '5',
    segment: 'consumer',
    recurring: 14_990_000,
    appetite: { voice: 1, sms: 1, data: 1.2 },
    rates: table(prices(0, 120_000, 300_000, 180_000), prices(0, 60_000, 90_000, 90_000), prices(2_000, 2_000, 2_000, 12_000), 60),
  },
  {
    name: 'office',
    tariff: 'office',
    version: '2',
    segment: 'business',
    recurring: 29_990_000,
    appetite: { voice: 1.8, sms: 0.6, data: 1.3 },
    rates: table(prices(30_000, 60_000, 240_000, 120_000), prices(20_000, 40_000, 60_000, 60_000), prices(1_500, 1_500, 1_500, 9_000), 1),
  },
  {
    name: 'prime',
    tariff: 'prime',
    version: '1',
    segment: 'vip',
    recurring: 59_990_000,
    appetite: { voice: 1.6, sms: 0.9, data: 1.6 },
    rates: table(prices(0, 0, 180_000, 60_000), prices(0, 0, 60_000, 30_000), prices(0, 0, 0, 6_000), 1),
  },
  {
    name: 'meter',
    tariff: 'meter',
    version: '1',
    segment: 'business',
    recurring: 990_000,
    appetite: { voice: 0, sms: 0.4, data: 0.5 },
    rates: table(prices(0, 0, 0, 0), prices(10_000, 10_000, 10_000, 10_000), prices(20_000, 20_000, 20_000, 60_000), 60),
  },
];

/** Share of subscribers by plan, cumulative, in the order of `plans`. */
export const planShares: readonly number[] = [0.3, 0.75, 0.9, 0.94, 1];

/** What the host charges us. */
export const wholesale: Plan['rates'] = table(
  prices(12_000, 36_000, 120_000, 90_000),
  prices(4_000, 12_000, 18_000, 30_000),
  prices(900, 900, 900, 4_500),
  1,
);

/**
 * Price of one record in micro-units.
 * @param quantity billable ms of a call, octets of a data session, ignored for a message.
 * @example priceOf(plans[0]!.rates.voice.national, 61_000) // 120000, two started minutes at 0.06
 */
export function priceOf(rate: Rate, quantity: number): number {
  if (rate.perUnit === 0) return rate.setup;
  if (rate.service === 'sms') return rate.setup + rate.perUnit;
  if (rate.service === 'data') return rate.setup + Math.round((Math.ceil(quantity / 1024) * rate.perUnit) / 1024);
  const seconds = Math.max(rate.minimumSeconds, Math.ceil(quantity / 1000 / rate.incrementSeconds) * rate.incrementSeconds);
  return rate.setup + (seconds * rate.perUnit) / 60;
}
