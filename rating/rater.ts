/**
 * The shadow rater: what a usage should have cost. Order: version, band, rate, minimum and increment, allowances, tiers, set-up fee,
 * discounts, rounding, tax. Everything up to the rounding is exact; each of net and tax is rounded once, per usage.
 */
import { type Account, takeFrom, usedBefore } from './account.ts';
import { type Fraction, fractionOf, plus, rounded, times, zero } from './decimal.ts';
import { type OffsetAt, offsetsOf } from './local-time.ts';
import { newRateTable, type RateTable, type ReadyRate } from './rate-table.ts';
import { type Allowance, type Discount, isValid, type Tariff, type TariffVersion, type Tax } from './tariff.ts';
import { type BandClock, newBandClock } from './time-band.ts';
import { chargedQuantity, isTimed, type Quantities, quantityOf } from './units.ts';

/** What is rated. */
export interface Usage extends Quantities {
  readonly service: string;
  /** Start, ms since 1970 UTC. */
  readonly at: number;
  /** Other party, digits without +; empty = none. */
  readonly number: string;
  readonly zone: string;
}

export interface Rated {
  readonly ok: true;
  /** Micro-units of `currency`; gross = net + tax. */
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly currency: string;
  readonly version: string;
  /** The rate of the start. */
  readonly rate: ReadyRate['rate'];
  readonly timeBand: string;
  /** In ms, octets or events: after minimum and increment, and what of it was free. */
  readonly charged: number;
  readonly free: number;
  /** Why nothing is to pay: nothing was used, an allowance covers it, or the price is zero; empty = something is. */
  readonly zeroReason: '' | 'nothing' | 'allowance' | 'free';
}

/** `no_version`: none is valid at the start. `no_rate`: none of those that are valid has one for service and destination. */
export type Unrated = { readonly ok: false; readonly reason: 'no_version' | 'no_rate' };

export interface Rater {
  /** Rates one usage and takes it into the account. */
  rate(usage: Usage, account: Account): Rated | Unrated;
}

interface ReadyVersion {
  readonly of: TariffVersion;
  readonly table: RateTable;
  readonly clock: BandClock;
}

/** A part of a usage at one rate. */
interface Part {
  readonly rate: ReadyRate;
  readonly quantity: number;
}

const noBands = { timeZone: 'UTC', bands: [], holidays: [] };

/** A percentage as parts of 10^6: up to four decimals. */
interface Percent {
  readonly millionths: bigint;
}

function percentOf(text: string, most: bigint, name: string): Percent {
  const { n, d } = fractionOf(text);
  const millionths = (n * 10_000n) / d / 1_000_000n;
  if (n * 10_000n !== millionths * d * 1_000_000n || millionths < 0n || millionths > most)
    throw new RangeError(`${name}: not a percentage with at most four decimals: ${text}`);
  return { millionths };
}

const whole = 1_000_000n;

/**
 * A rater of one tariff. RangeError for a tariff that cannot be: a price that is no decimal, an unknown zone, two rates for one place.
 * @example
 * const rater = newRater(flatTariff({ service: 'voice', price: '0.09', unit: 'minute', minimum: 60, increment: 60 }));
 * const usage = { service: 'voice', at: 0, number: '49170', zone: '', ms: 61_000, octets: 0, events: 0 };
 * rater.rate(usage, newAccount()) // { ok: true, net: 180000n, charged: 120000, … }
 */
export function newRater(tariff: Tariff): Rater {
  const versions = [...tariff.versions]
    .sort((a, b) => (b.publishedAt ?? 0) - (a.publishedAt ?? 0))
    .map((of): ReadyVersion => ({ of, table: newRateTable(of.rates), clock: newBandClock(of.calendar ?? noBands) }));
  const offsetAt = offsetsOf(tariff.timeZone);
  const discounts = tariff.discounts.map((of) => ({ of, left: whole - percentOf(of.percent, whole, of.name).millionths }));
  const taxes = tariff.taxes.map((of) => ({ of, rate: percentOf(of.percent, 100n * whole, of.name).millionths }));
  const discounted = (amount: Fraction, usage: Usage): Fraction => {
    let left = amount;
    for (const { of, left: share } of discounts) {
      if (!isValid(of, usage.at) || !covers(of, usage)) continue;
      left = times(left, share, whole);
      if (of.exclusive) break;
    }
    return left;
  };
  const settled = (amount: Fraction, at: number): Pick<Rated, 'net' | 'tax' | 'gross'> => {
    const { decimals, rounding } = tariff;
    const stated = rounded(amount, decimals, rounding);
    const { included, added } = taxAt(taxes, at);
    if (included === 0n && added === 0n) return { net: stated, tax: 0n, gross: stated };
    // What prices contain comes off first; what is added is due on the net.
    const net = included === 0n ? stated : rounded({ n: stated * whole, d: whole + included }, decimals, rounding);
    const tax = stated - net + rounded({ n: net * added, d: whole }, decimals, rounding);
    return { net, tax, gross: net + tax };
  };
  return {
    rate(usage, account) {
      const held = holding(versions, usage);
      if (typeof held === 'string') return { ok: false, reason: held };
      const { version, timeBand, first } = held;
      const charged = chargedQuantity(quantityOf(first.unit, usage), first.minimum, first.increment);
      const { free, coversSetUp } = takeFree(tariff.allowances, account, usage, first, charged, offsetAt);
      const parts = partsOf(version, usage, first, charged, free);
      if (!parts) return { ok: false, reason: 'no_rate' };
      const setUp = charged > 0 && !(free === charged && coversSetUp) ? first.setUp : zero;
      let amount = setUp;
      for (const part of parts) amount = plus(amount, priceOf(part, account, usage.at, offsetAt));
      const money = settled(discounts.length === 0 ? amount : discounted(amount, usage), usage.at);
      const zeroReason = money.gross !== 0n ? '' : charged === 0 ? 'nothing' : free > 0 ? 'allowance' : 'free';
      return {
        ok: true,
        ...money,
        currency: tariff.currency,
        version: version.of.version,
        rate: first.rate,
        timeBand,
        charged,
        free,
        zeroReason,
      };
    },
  };
}

/**
 * The version that prices a usage: of those that are valid the one published last that has a rate for it. A price list that changes one row leaves
 * the others to the version before.
 */
function holding(
  versions: readonly ReadyVersion[],
  { service, number, zone, at }: Usage,
): { readonly version: ReadyVersion; readonly timeBand: string; readonly first: ReadyRate } | Unrated['reason'] {
  let reason: Unrated['reason'] = 'no_version';
  for (const version of versions) {
    if (!isValid(version.of, at)) continue;
    const timeBand = version.clock.at(at);
    const first = version.table.find(service, number, zone, timeBand);
    if (first) return { version, timeBand, first };
    reason = 'no_rate';
  }
  return reason;
}

function covers({ services, zones }: Pick<Allowance | Discount, 'services' | 'zones'>, { service, zone }: Usage): boolean {
  return (services.length === 0 || services.includes(service)) && (zones.length === 0 || zones.includes(zone));
}

function measureOf(rate: ReadyRate): Allowance['measure'] {
  return isTimed(rate.unit) ? 'time' : rate.unit === 'event' ? 'events' : 'volume';
}

function takeFree(
  allowances: readonly Allowance[],
  account: Account,
  usage: Usage,
  rate: ReadyRate,
  charged: number,
  offsetAt: OffsetAt,
): { readonly free: number; readonly coversSetUp: boolean } {
  let free = 0;
  let coversSetUp = true;
  for (const allowance of allowances) {
    if (free === charged) break;
    if (allowance.measure !== measureOf(rate) || !isValid(allowance, usage.at) || !covers(allowance, usage)) continue;
    const taken = takeFrom(account, allowance, charged - free, usage.at, offsetAt);
    free += taken;
    if (taken > 0 && allowance.coversSetUp === false) coversSetUp = false;
  }
  return { free, coversSetUp };
}

/** What is not free, by rate: by band where the version says so, the free part being the first. Undefined: a band has no rate. */
function partsOf(
  { of, table, clock }: ReadyVersion,
  usage: Usage,
  first: ReadyRate,
  charged: number,
  free: number,
): readonly Part[] | undefined {
  if (of.bandBy !== 'increment' || !isTimed(first.unit) || first.increment === 0)
    return charged > free ? [{ rate: first, quantity: charged - free }] : [];
  const parts: Part[] = [];
  let rate = first;
  // The minimum is one piece; without one the first increment is.
  let at = 0;
  let end = Math.min(charged, first.minimum > 0 ? first.minimum : first.increment);
  while (at < charged) {
    if (at > 0) {
      const begins = usage.at + at;
      const found = table.find(usage.service, usage.number, usage.zone, clock.at(begins));
      if (!found) return undefined;
      rate = found;
      const steps = Math.ceil((clock.until(begins) - begins) / first.increment);
      end = Math.min(charged, at + steps * first.increment);
    }
    const quantity = end - Math.max(at, free);
    if (quantity > 0) parts.push({ rate, quantity });
    at = end;
  }
  return parts;
}

/** Each piece at the price of the tier that it lies in. */
function priceOf({ rate, quantity }: Part, account: Account, at: number, offsetAt: OffsetAt): Fraction {
  const { tiers } = rate;
  const only = tiers[0]!;
  if (tiers.length === 1) return times(only.price, BigInt(quantity), 1n);
  const before = usedBefore(account, rate.key, quantity, at, offsetAt);
  let amount = zero;
  tiers.forEach(({ from, price }, index) => {
    const to = tiers[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    const inside = Math.min(before + quantity, to) - Math.max(before, from);
    if (inside > 0) amount = plus(amount, times(price, BigInt(inside), 1n));
  });
  return amount;
}

/** Sum of the taxes that hold, in millionths: those that prices contain and those that are added. */
function taxAt(
  taxes: readonly { readonly of: Tax; readonly rate: bigint }[],
  at: number,
): { readonly included: bigint; readonly added: bigint } {
  let included = 0n;
  let added = 0n;
  for (const { of, rate } of taxes) {
    if (!isValid(of, at)) continue;
    if (of.included) included += rate;
    else added += rate;
  }
  return { included, added };
}
