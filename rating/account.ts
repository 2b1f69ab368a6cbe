/**
 * What a subscription has used: allowances with what was carried over, and usage of the period for tiers. Mutable, one per subscription; plain
 * data, so that it can be stored. Events are to come in the order of their start: one that comes late is charged in its own period only
 * while that period is the last one seen.
 */
import type { OffsetAt } from './local-time.ts';
import { periodNumber } from './period.ts';
import type { Allowance } from './tariff.ts';

/** What is left of one period's allowance. */
export interface Bucket {
  /** Period that it was granted for. */
  readonly period: number;
  left: number;
}

export interface Account {
  readonly allowances: Record<string, Bucket[]>;
  /** Usage of the period by rate, in ms, octets or events. */
  readonly used: Record<string, { period: number; quantity: number }>;
}

/** An account that has used nothing. */
export const newAccount = (): Account => ({ allowances: {}, used: {} });

/** In ms of time, octets or events. */
const quantityOfAllowance = ({ quantity, measure }: Allowance): number => (measure === 'time' ? quantity * 1000 : quantity);

function carryLimitOf({ carryLimit, measure }: Allowance): number {
  return carryLimit === undefined ? Number.POSITIVE_INFINITY : measure === 'time' ? carryLimit * 1000 : carryLimit;
}

/** Buckets of an account that may be used in a period, oldest first; grants the period's own, carries over and lets expire. */
function bucketsOf(account: Account, allowance: Allowance, period: number): Bucket[] {
  const { name, carryPeriods = 0 } = allowance;
  const held = account.allowances[name] ?? [];
  const last = held.at(-1)?.period;
  if (last !== undefined && last >= period)
    return held.filter((bucket) => bucket.period <= period && bucket.period + carryPeriods >= period);
  // A period in which nothing was used was granted too.
  const from = last === undefined ? period : Math.max(last + 1, period - carryPeriods);
  const missed = Array.from({ length: period - from }, (_, at): Bucket => ({ period: from + at, left: quantityOfAllowance(allowance) }));
  const carried: Bucket[] = [];
  let room = carryLimitOf(allowance);
  // What is newest stays when the limit is short: it would be lost last.
  for (const bucket of [...held.filter((each) => each.period + carryPeriods >= period), ...missed].reverse()) {
    const left = Math.min(bucket.left, room);
    room -= left;
    if (left > 0) carried.unshift({ period: bucket.period, left });
  }
  const buckets = [...carried, { period, left: quantityOfAllowance(allowance) }];
  account.allowances[name] = buckets;
  return buckets;
}

/**
 * Takes up to `quantity` (ms, octets, events) out of an allowance, oldest first, and returns what was taken.
 * @param at start of the usage
 */
export function takeFrom(account: Account, allowance: Allowance, quantity: number, at: number, offsetAt: OffsetAt): number {
  const period = periodNumber(at, allowance.period, allowance.anchorDay ?? 1, offsetAt);
  let wanted = quantity;
  for (const bucket of bucketsOf(account, allowance, period)) {
    const taken = Math.min(bucket.left, wanted);
    bucket.left -= taken;
    wanted -= taken;
    if (wanted === 0) break;
  }
  return quantity - wanted;
}

/** Usage of a rate in the month of `at` before this usage, which is added. */
export function usedBefore(account: Account, key: string, quantity: number, at: number, offsetAt: OffsetAt): number {
  const period = periodNumber(at, 'month', 1, offsetAt);
  const held = account.used[key];
  const before = held?.period === period ? held.quantity : 0;
  account.used[key] = { period, quantity: before + quantity };
  return before;
}
