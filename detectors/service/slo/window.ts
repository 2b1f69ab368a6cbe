/**
 * The window that an objective counts over: rolling, or a period of a calendar by the clock of a time zone. A calendar day of the zone lasts
 * 23 or 25 hours where the clock changes, so periods are counted on the local clock and turned into instants at their ends.
 */
import { type OffsetAt, offsetsOf } from '../../../rating/local-time.ts';
import { type Duration, nominalMs } from './duration.ts';

export interface RollingWindow {
  readonly kind: 'rolling';
  readonly ms: number;
}

export interface CalendarWindow {
  readonly kind: 'calendar';
  readonly duration: Duration;
  /** A beginning of a period by the local clock, as the ms that the same reading has in UTC. */
  readonly startLocal: number;
  readonly timeZone: string;
}

export type SloWindow = RollingWindow | CalendarWindow;

/** Half-open, ms since 1970 UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

const zones = new Map<string, OffsetAt>();

/** RangeError when there is no such zone. */
function offsets(timeZone: string): OffsetAt {
  const known = zones.get(timeZone) ?? offsetsOf(timeZone);
  if (zones.size > 64) zones.clear();
  zones.set(timeZone, known);
  return known;
}

/**
 * The instant of a local clock reading. A reading that a change of the clock skips is read with the offset before it, one that occurs twice
 * as the first of the two, as RFC 5545 has it.
 * @example instantOfLocal(Date.UTC(2026, 2, 29), 'Europe/Berlin') // 1774738800000
 */
export function instantOfLocal(local: number, timeZone: string): number {
  const at = offsets(timeZone);
  const before = local - at(local - dayMs);
  const after = local - at(local + dayMs);
  const valid = [Math.min(before, after), Math.max(before, after)].filter((instant) => instant + at(instant) === local);
  return valid[0] ?? before;
}

/** What the local clock shows at an instant, as ms. @example localOfInstant(1774738800000, 'Europe/Berlin') // 1774742400000 */
export function localOfInstant(instant: number, timeZone: string): number {
  return instant + offsets(timeZone)(instant);
}

/** A local reading so many months later, on the last day of a shorter month. */
function plusMonths(local: number, months: number): number {
  const date = new Date(local);
  const month = date.getUTCMonth() + months;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last)) + (local - Math.floor(local / dayMs) * dayMs);
}

const months: Readonly<Record<string, number>> = { M: 1, Q: 3, Y: 12 };

/** The beginning of the n-th period by the local clock. */
function boundary({ duration, startLocal }: CalendarWindow, n: number): number {
  const { count, unit } = duration;
  const inMonth = months[unit];
  return inMonth === undefined ? startLocal + n * nominalMs(duration) : plusMonths(startLocal, n * count * inMonth);
}

/**
 * The window as it stands at an instant: the last stretch of a rolling one up to it, the whole period of a calendar that holds it.
 * @example windowAt({ kind: 'rolling', ms: 10 }, 100) // { from: 90, to: 100 }
 */
export function windowAt(window: SloWindow, instant: number): Span {
  if (window.kind === 'rolling') return { from: instant - window.ms, to: instant };
  const { duration, startLocal, timeZone } = window;
  const local = localOfInstant(instant, timeZone);
  const at = (n: number): number => instantOfLocal(boundary(window, n), timeZone);
  let n = Math.floor((local - startLocal) / nominalMs(duration));
  while (at(n) > instant) n--;
  while (at(n + 1) <= instant) n++;
  return { from: at(n), to: at(n + 1) };
}

/** Length of the window in ms; the nominal one of a calendar's months. */
export const windowMs = (window: SloWindow): number => (window.kind === 'rolling' ? window.ms : nominalMs(window.duration));
