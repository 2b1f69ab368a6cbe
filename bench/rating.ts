/** `npm run bench -- rating`: microseconds per rated usage, from a flat price to everything a tariff can hold. Median of seven runs. */
import { type Account, newAccount, newRater, type Rate, type Tariff, type TariffVersion, type Usage } from '../rating/index.ts';

const usages = 200_000;
const runs = 7;

/** 20,000 prefixes of three to seven digits, each with a price of its own. */
const prefixRates: readonly Rate[] = Array.from({ length: 20_000 }, (_, i) => ({
  service: 'voice',
  prefix: `${(i * 7919) % 9_999_000}`.padStart(3 + (i % 5), '1'),
  price: `0.${1000 + (i % 9000)}`,
  setUp: '0.02',
  unit: 'minute',
  minimum: 60,
  increment: 60,
}));

const flat: Rate = { service: 'voice', price: '0.09', unit: 'minute', minimum: 60, increment: 60 };

function tariffOf(rates: readonly Rate[], more: Partial<Tariff> = {}, version: Partial<TariffVersion> = {}): Tariff {
  const versions = [{ version: '1', rates, ...version }];
  return {
    tariff: 'bench',
    currency: 'EUR',
    decimals: 6,
    rounding: 'half_up',
    timeZone: 'Europe/Berlin',
    allowances: [],
    discounts: [],
    taxes: [],
    versions,
    ...more,
  };
}

const bands = [
  { name: 'peak', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' },
  { name: 'weekend', days: [6, 7, 8], from: '00:00', to: '24:00' },
];

const everything = tariffOf(
  uniquePrefixes([...prefixRates, { ...flat, tiers: [{ from: 100, price: '0.05' }] }]),
  {
    decimals: 2,
    allowances: [{ name: 'minutes', services: ['voice'], zones: [], quantity: 6_000, measure: 'time', period: 'month', carryPeriods: 1 }],
    discounts: [{ name: 'loyal', services: [], zones: [], percent: '10' }],
    taxes: [{ name: 'VAT', percent: '19', included: false }],
  },
  { calendar: { timeZone: 'Europe/Berlin', bands, holidays: ['2026-12-25'] }, bandBy: 'increment' },
);

function uniquePrefixes(rates: readonly Rate[]): readonly Rate[] {
  return [...new Map(rates.map((rate) => [rate.prefix ?? '', rate])).values()];
}

/** A month of calls of 10,000 subscribers. */
function callsOf(): readonly Usage[] {
  const from = Date.UTC(2026, 10, 1);
  return Array.from({ length: usages }, (_, i) => ({
    service: 'voice',
    at: from + Math.floor((i / usages) * 30 * 86_400_000),
    number: `${1_000_000_000 + ((i * 48_271) % 8_999_999_999)}`,
    zone: '',
    ms: ((i * 7919) % 600) * 1000,
    octets: 0,
    events: 0,
  }));
}

export async function benchRating(_args: readonly string[]): Promise<void> {
  const calls = callsOf();
  const cases = {
    'one price': tariffOf([flat]),
    '20,000 prefixes': tariffOf(uniquePrefixes([...prefixRates, flat])),
    'all: bands, tiers, allowance, discount, tax': everything,
  };
  for (const [name, tariff] of Object.entries(cases)) {
    const rater = newRater(tariff);
    const times = Array.from({ length: runs }, () => {
      const accounts: readonly Account[] = Array.from({ length: 10_000 }, newAccount);
      let sum = 0n;
      const began = performance.now();
      for (let i = 0; i < calls.length; i++) {
        const rated = rater.rate(calls[i]!, accounts[i % accounts.length]!);
        if (rated.ok) sum += rated.gross;
      }
      const took = performance.now() - began;
      if (sum === 0n) throw new Error('nothing was rated');
      return (took * 1000) / calls.length;
    }).sort((a, b) => a - b);
    console.log(`${name.padEnd(46)} ${times[runs >> 1]!.toFixed(2)} us per usage (${times[0]!.toFixed(2)} to ${times.at(-1)!.toFixed(2)})`);
  }
}
