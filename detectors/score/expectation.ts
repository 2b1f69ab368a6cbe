/** What a series expects at a time before anything is pushed: what a tick asks of its peers. Transformed units throughout. */
import { profileAt, secondOfDay, weekDeviation } from './baseline.ts';
import { WHITE_DAYS } from './judge.ts';
import { COUNT_LEVEL, COUNTING, HOUR_SCALE, SCALES, SLOW_LEVEL, STRIDE } from './layout.ts';
import type { BankParts } from './snapshot.ts';

const DAY = 86_400;
const WEEK_DAYS = 7;

/** See `SeriesBank.look`. */
export function lookAt({ state, times }: BankParts, index: number, time: number, value: number, into: Float64Array): boolean {
  const row = index * STRIDE;
  if (!Number.isFinite(value) || !(time - times[index * 2]! >= WHITE_DAYS * DAY) || !(time > times[index * 2 + 1]!)) return false;
  const profile = profileAt(state, row, time);
  if (Number.isNaN(profile) || state[row + COUNTING] !== 1 || value < 0 || value !== Math.floor(value)) return false;
  const today = weekDeviation(state, row, time, 0, true);
  into[0] = profile * (1 + today + state[row + COUNT_LEVEL]!);
  into[1] = 2 * Math.sqrt(value + 0.375);
  into[2] = Math.max(1.25 * (state[row + HOUR_SCALE + Math.floor(secondOfDay(time) / 3600)]! || state[row + SCALES + 1]!), 1e-9);
  for (let later = 1; later < WEEK_DAYS && 2 + later < into.length; later++)
    into[2 + later] = profile * (weekDeviation(state, row, time, later, true) - today);
  return true;
}

/** See `SeriesBank.dayDifference`. */
export function dayDifferenceOf({ state, times }: BankParts, index: number, time: number, later: number): number {
  const row = index * STRIDE;
  if (!(time - times[index * 2]! >= WEEK_DAYS * DAY)) return Number.NaN;
  const counting = state[row + COUNTING] === 1;
  const difference = weekDeviation(state, row, time, later, counting) - weekDeviation(state, row, time, 0, counting);
  return counting ? difference * profileAt(state, row, time) : difference;
}

/** See `SeriesBank.level`. */
export function levelOf({ state }: BankParts, index: number): number {
  const row = index * STRIDE;
  return state[row + (state[row + COUNTING] === 1 ? COUNT_LEVEL : SLOW_LEVEL)]!;
}

/** See `SeriesBank.usual`. */
export function usualOf(parts: BankParts, index: number, time: number, level: number): number {
  const row = index * STRIDE;
  const profile = profileAt(parts.state, row, time);
  const counting = parts.state[row + COUNTING] === 1;
  return profile + (counting ? profile : 1) * (weekDeviation(parts.state, row, time, 0, counting) + level);
}

/** See `SeriesBank.inValues`. */
export function inValues({ state }: BankParts, index: number, transformed: number): number {
  if (state[index * STRIDE + COUNTING] !== 1) return transformed;
  return Math.max(0, (transformed * Math.abs(transformed)) / 4 - 0.375);
}
