/** What a series expects at a time before anything is pushed: what a tick asks of its peers. Transformed units throughout. */
import { profileAt, secondOfDay, weekDeviation } from './baseline.ts';
import { WHITE_DAYS } from './judge.ts';
import { COUNT_LEVEL, COUNTING, HOUR_SCALE, PROFILE, PROFILE_BUCKETS, SCALES, SLOW_LEVEL, STRIDE } from './layout.ts';
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

/** Share of the profile below which what a week leaves of it is not believed. */
const LEAST_WEEK = 0.2;
/** Blocks of a week that differ by less, as a share of the profile, say little of the hours between them. */
const SMOOTH_WEEK = 0.15;
/** What large series scatter beyond Poisson, as a share: days differ. Only what goes beyond it counts. */
const USUAL_SCATTER = 0.15;
/** Hours with fewer events than this say nothing of how a series scatters beyond Poisson: transformed, four events. */
const LEAST_PROFILE = 4;
const relative = new Float64Array(24);

/** How much more than Poisson a count has scattered about its slow level, as a share of it: the median of the hours that have events. */
function scatterOf(state: Float32Array, row: number, day: number): number {
  let hours = 0;
  for (let hour = 0; hour < 24; hour++) {
    const profile = profileAt(state, row, day + hour * 3600);
    if (!(profile >= LEAST_PROFILE)) continue;
    const scatter = 1.25 * (state[row + HOUR_SCALE + hour]! || state[row + SCALES + 1]!);
    relative[hours++] = (2 * Math.sqrt(Math.max(0, scatter * scatter - 1))) / profile;
  }
  return hours === 0 ? 0 : relative.subarray(0, hours).sort()[hours >> 1]!;
}

/** See `SeriesBank.unsure`. */
export function unsureOf({ state }: BankParts, index: number, time: number, later: number): number {
  const row = index * STRIDE;
  const profile = profileAt(state, row, time);
  if (state[row + COUNTING] !== 1 || !(profile > 0)) return 0;
  const step = weekDeviation(state, row, time, later, true);
  // A block of three hours has one share of the profile: how far its neighbours pull is how far that may be off.
  const pull = Math.max(0, Math.abs(weekDeviation(state, row, time, later, false) - step) - SMOOTH_WEEK);
  const week = (2 * pull) / Math.max(LEAST_WEEK, 1 + step + state[row + COUNT_LEVEL]!);
  const scatter = scatterOf(state, row, time - secondOfDay(time));
  return Math.hypot(week, Math.sqrt(Math.max(0, scatter * scatter - USUAL_SCATTER * USUAL_SCATTER)));
}

/** See `SeriesBank.dayMean`. */
export function dayMeanOf(parts: BankParts, index: number): number {
  const row = index * STRIDE;
  let sum = 0;
  let seen = 0;
  for (let bucket = 0; bucket < PROFILE_BUCKETS; bucket++) {
    const at = parts.state[row + PROFILE + bucket]!;
    if (Number.isNaN(at)) continue;
    sum += inValues(parts, index, at);
    seen++;
  }
  return sum / seen;
}
