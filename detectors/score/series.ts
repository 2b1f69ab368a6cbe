/** One series of a bank: how its row begins, keeps time, and changes from a count to any value. */
import { beginCounts } from './counts.ts';
import { beginExtremes, RING_ROWS } from './extremes.ts';
import * as L from './layout.ts';
import type { ScoreSettings } from './settings.ts';
import { beginSumTail, beginTail } from './tails.ts';

/** Rows in a row that go back in time before the new clock is believed. */
const LATE_ROWS = 100;

/** Writes the row of a series that has seen nothing. */
export function begin(state: Float32Array, row: number, settings: ScoreSettings): void {
  state.fill(0, row, row + L.STRIDE);
  state.fill(Number.NaN, row + L.PROFILE, row + L.PROFILE + L.PROFILE_BUCKETS);
  state[row + L.COUNTING] = 1;
  state[row + L.LOG_GAIN] = Math.log(2 / 61);
  state[row + L.LAG_SQUARE] = 1;
  for (let tail = 0; tail < 3; tail++) beginTail(state, row + L.TAILS + tail * 4);
  beginSumTail(state, row, settings.allowance);
  beginExtremes(state, row);
  beginCounts(state, row);
}

/** Keeps step and last time; false for a row that must teach nothing because its time did not grow. */
export function keepTime(
  state: Float32Array,
  row: number,
  times: Float64Array,
  at: number,
  time: number,
  rows: number,
  y: number,
): boolean {
  if (rows === 1) {
    times[at] = time;
    times[at + 1] = time;
    state[row + L.PLAIN_LEVEL] = y;
    return true;
  }
  const elapsed = time - times[at + 1]!;
  if (elapsed > 0) {
    const step = state[row + L.STEP]!;
    const ratio = elapsed / step;
    if (step === 0) state[row + L.STEP] = elapsed;
    else if (ratio > 0.75 && ratio < 1.5) state[row + L.STEP] = step + 0.05 * (elapsed - step);
    else state[row + L.STEP] = step * (ratio < 1 ? 0.95 : 1.05);
    times[at + 1] = time;
    state[row + L.LATE_RUN] = 0;
    return true;
  }
  const run = state[row + L.LATE_RUN]! + 1;
  state[row + L.LATE_RUN] = run;
  if (run < LATE_ROWS) return false;
  state[row + L.LATE_RUN] = 0;
  times[at + 1] = time;
  if (time < times[at]!) times[at] = time;
  return true;
}

const back = (y: number): number => (y * Math.abs(y)) / 4 - 0.375;

function scaleBy(state: Float32Array, from: number, count: number, factor: number): void {
  for (let at = from; at < from + count; at++) state[at] = state[at]! * factor;
}

/** Turns what was learned on the square-root scale into the plain scale, once, when the first value is seen that is no count. */
export function leaveCounting(state: Float32Array, row: number, rows: number): void {
  state[row + L.COUNTING] = 0;
  if (rows === 1) return;
  const level = Math.abs(state[row + L.PLAIN_LEVEL]!);
  const slope = level / 2 || 1;
  for (let at = row + L.PROFILE; at < row + L.PROFILE + L.PROFILE_BUCKETS; at++) state[at] = back(state[at]!);
  for (let at = row + L.RING; at < row + L.RING + RING_ROWS; at++) state[at] = back(state[at]!);
  scaleBy(state, row + L.WEEK, L.WEEK_BLOCKS, slope * (level || 1));
  scaleBy(state, row + L.HOUR_SCALE, L.DAY_HOURS, slope);
  scaleBy(state, row + L.SCALES, 6, slope);
  state[row + L.PLAIN_LEVEL] = back(state[row + L.PLAIN_LEVEL]!);
  state[row + L.SHARP_LEVEL] = 0;
  state[row + L.SLOW_LEVEL] = 0;
  state[row + L.WEEK_LEVEL] = 0;
  state[row + L.BUCKET_COUNT] = 0;
  state[row + L.BUCKET_SUM] = 0;
  state[row + L.BLOCK_SUM] = 0;
  state[row + L.BLOCK_WEIGHT] = 0;
  beginExtremes(state, row);
}
