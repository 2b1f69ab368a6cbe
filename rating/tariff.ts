/** What a tariff is, as data: versions, rates by destination and time band, allowances, discounts, tax. */
import type { RoundingMode } from './decimal.ts';
import type { BandCalendar } from './time-band.ts';
import type { PriceUnit } from './units.ts';

/** Half-open, ms since 1970 UTC; absent = without end. */
export interface Validity {
  readonly validFrom?: number;
  readonly validTo?: number;
}

/** A further price from so much usage of the period on. */
export interface Tier {
  /** In units of the price; the price of the rate itself holds from 0. */
  readonly from: number;
  /** Decimal string per unit. */
  readonly price: string;
}

/** What usage costs to a destination in a time band. A prefix is more than a zone, a zone more than neither; a named band more than none. */
export interface Rate {
  readonly service: string;
  /** Digits without +; absent = by zone or all. */
  readonly prefix?: string;
  readonly zone?: string;
  readonly timeBand?: string;
  /** Set-up fee per usage, decimal string. */
  readonly setUp?: string;
  /** Decimal string per unit. */
  readonly price: string;
  readonly unit: PriceUnit;
  /** Least that is charged, in s, octets or events, as `unit` counts. */
  readonly minimum?: number;
  /** Step beyond the minimum, in s, octets or events. */
  readonly increment?: number;
  /** By growing `from`. A price holds for the part of the usage that lies in its tier. */
  readonly tiers?: readonly Tier[];
}

/** Free usage per period, taken before anything is charged. */
export interface Allowance extends Validity {
  readonly name: string;
  readonly services: readonly string[];
  /** Empty = all. */
  readonly zones: readonly string[];
  /** Per period, in s of time, octets of volume, or events. */
  readonly quantity: number;
  readonly measure: 'time' | 'volume' | 'events';
  readonly period: 'day' | 'month';
  /** Day of the month on which a period begins, 1 to 28. */
  readonly anchorDay?: number;
  /** For how many further periods what is left may be used; 0 = it is lost. Used up oldest first. */
  readonly carryPeriods?: number;
  /** Most that is carried into a period, in s, octets or events. */
  readonly carryLimit?: number;
  /** Whether usage is free of set-up fee too when all of it is covered. Default true. */
  readonly coversSetUp?: boolean;
}

/** Taken off what remains to pay, in the order of the list, each from what the one before leaves. */
export interface Discount extends Validity {
  readonly name: string;
  /** Empty = all. */
  readonly services: readonly string[];
  readonly zones: readonly string[];
  /** 0 to 100, decimal string. */
  readonly percent: string;
  /** Ends the list when it was applied. */
  readonly exclusive?: boolean;
}

export interface Tax extends Validity {
  readonly name: string;
  /** Decimal string. */
  readonly percent: string;
  /** Whether prices contain it. */
  readonly included: boolean;
}

/** Prices that hold together. Of the versions that are valid at an instant the one published last holds for what it has a rate for; the rest is left to those before. */
export interface TariffVersion extends Validity {
  readonly version: string;
  readonly publishedAt?: number;
  readonly rates: readonly Rate[];
  readonly calendar?: BandCalendar;
  /** `start`: all of a usage at the band of its start. `increment`: each increment at the band in which it begins. Default start. */
  readonly bandBy?: 'start' | 'increment';
}

export interface Tariff {
  readonly tariff: string;
  /** ISO 4217, of all prices. */
  readonly currency: string;
  /** How one usage is rounded, net; 0 to 6 decimals. Tax is rounded alike. */
  readonly decimals: number;
  readonly rounding: RoundingMode;
  /** IANA time zone of periods of allowances and tiers. */
  readonly timeZone: string;
  readonly versions: readonly TariffVersion[];
  readonly allowances: readonly Allowance[];
  readonly discounts: readonly Discount[];
  readonly taxes: readonly Tax[];
}

/** Whether something holds at an instant. @example isValid({ validTo: 5 }, 5) // false */
export function isValid({ validFrom, validTo }: Validity, at: number): boolean {
  return (validFrom === undefined || at >= validFrom) && (validTo === undefined || at < validTo);
}
