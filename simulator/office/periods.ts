/** Billing periods: when they begin, and when their invoices are made. */
import { day, hour, minute } from '../instant.ts';
import { localDay } from '../rhythm.ts';
import type { World } from '../world.ts';

/** Time from the end of a period to its invoices: what comes later goes nowhere. */
export const billRunAfter = 30 * hour;
/** First instant of a billing period. */
export const periodStart = (world: World, number: number): number => number * world.billingDays * day - world.offsetMinutes * minute;
/** Number of the period that holds an instant. */
export const periodOf = (world: World, at: number): number => Math.floor(localDay(at, world.offsetMinutes) / world.billingDays);
