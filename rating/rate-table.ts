/** The rates of one version, ready to be looked up by service, number, zone and time band. */
import { type Fraction, fractionOf, reduced, zero } from './decimal.ts';
import { newPrefixIndex, type PrefixIndex } from './prefix-index.ts';
import type { Rate } from './tariff.ts';
import { isTimed, type PriceUnit, sizeOf } from './units.ts';

export interface ReadyTier {
  /** In ms, octets or events. */
  readonly from: number;
  /** Micro-units per ms, octet or event. */
  readonly price: Fraction;
}

/** A rate in ms, octets or events and micro-units. */
export interface ReadyRate {
  readonly rate: Rate;
  readonly unit: PriceUnit;
  readonly setUp: Fraction;
  readonly minimum: number;
  readonly increment: number;
  /** By growing `from`, the first from 0. */
  readonly tiers: readonly ReadyTier[];
  /** What accounts count usage of tiers under. */
  readonly key: string;
}

export interface RateTable {
  /** The rate of a usage: longest prefix, else zone, else all; within them that of the band, else that of every band. */
  find(service: string, number: string, zone: string, timeBand: string): ReadyRate | undefined;
}

/** Rates of one destination by band; the empty band is every band. */
type Bands = Map<string, ReadyRate>;

interface ServiceRates {
  readonly prefixes: PrefixIndex;
  readonly byPrefix: readonly Bands[];
  readonly byZone: ReadonlyMap<string, Bands>;
  readonly all: Bands;
}

/** Prices are per unit: the size goes into the denominator. */
function perPiece(price: string, size: number): Fraction {
  const { n, d } = fractionOf(price);
  return reduced({ n, d: d * BigInt(size) });
}

function readyRate(rate: Rate): ReadyRate {
  const size = sizeOf[rate.unit];
  const scale = isTimed(rate.unit) ? 1000 : 1;
  const tiers = [{ from: 0, price: rate.price }, ...(rate.tiers ?? [])].map(({ from, price }) => ({
    from: from * size,
    price: perPiece(price, size),
  }));
  for (let at = 1; at < tiers.length; at++)
    if (tiers[at]!.from <= tiers[at - 1]!.from) throw new RangeError(`tiers of ${nameOf(rate)} do not grow`);
  return {
    rate,
    unit: rate.unit,
    setUp: rate.setUp === undefined ? zero : reduced(fractionOf(rate.setUp)),
    minimum: wholeOf(rate, rate.minimum ?? 0, scale),
    increment: wholeOf(rate, rate.increment ?? 0, scale),
    tiers,
    key: nameOf(rate),
  };
}

/** Minimum and increment in ms, octets or events. */
function wholeOf(rate: Rate, value: number, scale: number): number {
  const whole = Math.round(value * scale);
  if (!(whole >= 0 && Number.isSafeInteger(whole))) throw new RangeError(`minimum or increment of ${nameOf(rate)} is ${value}`);
  return whole;
}

const nameOf = ({ service, prefix, zone, timeBand }: Rate): string => [service, prefix ?? '', zone ?? '', timeBand ?? ''].join('/');

function serviceRates(rates: readonly Rate[]): ServiceRates {
  const prefixes = [...new Set(rates.flatMap(({ prefix }) => (prefix ? [prefix] : [])))];
  const byPrefix = prefixes.map((): Bands => new Map());
  const byZone = new Map<string, Bands>();
  const all: Bands = new Map();
  for (const rate of rates) {
    const { prefix, zone, timeBand = '' } = rate;
    const bands: Bands = prefix ? byPrefix[prefixes.indexOf(prefix)]! : zone ? (byZone.get(zone) ?? new Map<string, ReadyRate>()) : all;
    if (bands.has(timeBand)) throw new RangeError(`two rates for ${nameOf(rate)}`);
    bands.set(timeBand, readyRate(rate));
    if (!prefix && zone) byZone.set(zone, bands);
  }
  return { prefixes: newPrefixIndex(prefixes), byPrefix, byZone, all };
}

const ofBand = (bands: Bands | undefined, timeBand: string): ReadyRate | undefined => bands?.get(timeBand) ?? bands?.get('');

/**
 * Checks rates and makes them fast. RangeError for a price that is no decimal, a prefix that is not digits, two rates for one place.
 * @example newRateTable([{ service: 'voice', price: '0.1', unit: 'minute' }]).find('voice', '49', '', '')?.rate.price // '0.1'
 */
export function newRateTable(rates: readonly Rate[]): RateTable {
  const services = new Map<string, Rate[]>();
  for (const rate of rates) services.set(rate.service, [...(services.get(rate.service) ?? []), rate]);
  const ready = new Map([...services].map(([service, own]) => [service, serviceRates(own)]));
  return {
    find(service, number, zone, timeBand) {
      const own = ready.get(service);
      if (!own) return undefined;
      const entry = own.prefixes.longest(number);
      return (
        (entry === -1 ? undefined : ofBand(own.byPrefix[entry], timeBand)) ??
        ofBand(own.byZone.get(zone), timeBand) ??
        ofBand(own.all, timeBand)
      );
    },
  };
}
