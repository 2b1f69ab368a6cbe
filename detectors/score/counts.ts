/**
 * How a count is expected and how far it may lie off: profile x (1 + week + level) on the square-root scale, with a level that returns to its long-run mean
 * and whose uncertainty is known (Kalman, 1960), and the variance of a gamma-Poisson count. Figures lie in the bank's Float32 row.
 */
import { blockOf, dayDeviation } from './baseline.ts';
import {
  COUNT_LEVEL,
  LAG_PRODUCT,
  LAG_SQUARE,
  LAST_COUNT_DEVIATE,
  LEVEL_DRIFT,
  LEVEL_VARIANCE,
  OVER_DISPERSION,
  OVER_WEIGHT,
  STEP,
  WEEK,
  WEEK_LEVEL,
  WEEK_SPREAD,
} from './layout.ts';

const DAY = 86_400;
const BLOCK_SECONDS = 10_800;
/** Days in which a level that is off its long-run mean comes back two thirds of the way. */
const RETURN_DAYS = 2;
/** Variance that a day adds to the level, at first, least, most: a level of 1 is 100 % on the square-root scale, so 0.0004 is 4 % of the count. */
const DRIFT = 4e-4;
const LEAST_DRIFT = 1e-5;
const MOST_DRIFT = 0.02;
const MOST_VARIANCE = 0.02;
/** Neighbouring deviates of one sign beyond this product say that the level moves more than was thought. */
const WHITE_PRODUCT = 0.05;
/** Rows of the present weight that the over-dispersion remembers. */
const OVER_ROWS = 5000;

/** Writes what is believed of a series that has seen nothing. */
export function beginCounts(state: Float32Array, row: number): void {
  state[row + LEVEL_DRIFT] = DRIFT;
  state[row + LEVEL_VARIANCE] = 0.01;
  state[row + OVER_DISPERSION] = 0.01;
  state[row + OVER_WEIGHT] = 1e4;
  state[row + WEEK_SPREAD] = 5e-4;
}

/** Moves level and its variance on to the time of a row that will be learned: towards the long-run mean, less certain, at midnight less still. */
export function moveCountLevel(state: Float32Array, row: number, time: number, previous: number): void {
  const elapsed = Math.min(DAY, Math.max(0, time - previous));
  const keep = 1 / (1 + elapsed / (DAY * RETURN_DAYS));
  const midnight = Math.floor(time / DAY) === Math.floor(previous / DAY) ? 0 : 1;
  const usual = state[row + WEEK_LEVEL]!;
  const variance = state[row + LEVEL_VARIANCE]! * keep * keep + state[row + LEVEL_DRIFT]! * (elapsed / DAY + midnight);
  state[row + COUNT_LEVEL] = usual + keep * (state[row + COUNT_LEVEL]! - usual);
  state[row + LEVEL_VARIANCE] = Math.min(MOST_VARIANCE, variance);
}

/**
 * Deviation of the week from the profile, as a share of it: the block's own as far as blocks of a day are known to differ (empirical Bayes; Efron, Morris,
 * 1975), else the mean of its day, which eight times as many rows have taught.
 */
export function countWeek(
  state: Float32Array,
  row: number,
  time: number,
  previous: number,
  profile: number,
  days: number,
  learns: boolean,
): number {
  const block = blockOf(time);
  const mean = dayDeviation(state, row, block);
  const own = state[row + WEEK + block]! - mean;
  const rows = (BLOCK_SECONDS / Math.max(1, state[row + STEP]!)) * Math.min(6, 1 + days / 7);
  const variance = (1 / (profile * profile) + state[row + OVER_DISPERSION]! / 4) / rows;
  const spread = Math.max(1e-7, state[row + WEEK_SPREAD]!);
  if (learns && days >= 7 && block !== blockOf(previous))
    state[row + WEEK_SPREAD] = state[row + WEEK_SPREAD]! + 0.025 * (own * own - variance - state[row + WEEK_SPREAD]!);
  return mean + (spread / (spread + variance)) * own;
}

/** The count that a centre on the square-root scale stands for. */
const meanOf = (centre: number): number => Math.max(0.05, (centre * Math.abs(centre)) / 4 - 0.375);

/** Variance of a transformed count about a known centre: 1 for Poisson, less where most counts are zero, more by over-dispersion. */
export function countVariance(state: Float32Array, row: number, centre: number): number {
  const mean = meanOf(centre);
  const poisson = mean > 6 ? 1 : 1 - 0.6 * Math.exp(-1.1 * mean);
  return poisson * (1 + state[row + OVER_DISPERSION]! * mean);
}

/** Over-dispersion by weighted moments: squared residual less Poisson, a row weighing as much as it can tell. */
function learnOverDispersion(state: Float32Array, row: number, value: number, centre: number): void {
  const mean = meanOf(centre);
  const known = state[row + OVER_DISPERSION]!;
  const variance = 1 + known * mean;
  const square = Math.min(16, ((value - mean) * (value - mean)) / (mean * variance));
  const weight = (mean / variance) * (mean / variance);
  const learned = Math.min(state[row + OVER_WEIGHT]! + weight, OVER_ROWS * weight + 1);
  const seen = known + (weight / learned) * ((square * variance - 1) / mean - known);
  state[row + OVER_WEIGHT] = learned;
  state[row + OVER_DISPERSION] = seen < 1e-4 ? 1e-4 : Math.min(4, seen);
}

/**
 * Teaches level, its drift and the over-dispersion one row.
 * @param value the count
 * @param centre what was expected, transformed
 * @param error cut residual of the level
 * @param z standardised residual
 * @param variance of the count about its centre and of the level together
 * @param profile what the level is a share of
 */
export function learnCounts(
  state: Float32Array,
  row: number,
  value: number,
  centre: number,
  error: number,
  z: number,
  variance: number,
  profile: number,
): void {
  const bounded = z > 1.5 ? 1.5 : Math.max(z, -1.5);
  const product = bounded * state[row + LAST_COUNT_DEVIATE]!;
  const drift = state[row + LEVEL_DRIFT]! * (1 + 0.003 * (product - WHITE_PRODUCT));
  state[row + LAST_COUNT_DEVIATE] = bounded;
  state[row + LAG_PRODUCT] = state[row + LAG_PRODUCT]! + 0.002 * (product - state[row + LAG_PRODUCT]!);
  state[row + LAG_SQUARE] = state[row + LAG_SQUARE]! + 0.002 * (bounded * bounded - state[row + LAG_SQUARE]!);
  state[row + LEVEL_DRIFT] = drift < LEAST_DRIFT ? LEAST_DRIFT : Math.min(MOST_DRIFT, drift);
  const uncertain = state[row + LEVEL_VARIANCE]!;
  const gain = (uncertain * profile) / variance;
  state[row + COUNT_LEVEL] = state[row + COUNT_LEVEL]! + gain * error;
  state[row + LEVEL_VARIANCE] = uncertain - gain * profile * uncertain;
  learnOverDispersion(state, row, value, centre);
}
