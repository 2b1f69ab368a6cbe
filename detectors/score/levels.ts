/** Residuals made comparable, and the slow level and the scales that learn from them; figures lie in the bank's Float32 row. */
import {
  COUNTING,
  LAG_PRODUCT,
  LAG_SQUARE,
  LAST_DEVIATE,
  LOG_GAIN,
  REGRESSOR,
  SCALES,
  SEASONAL_ROWS,
  SLOW_LEVEL,
  WEEK_LEVEL,
  WIDE_SCALES,
} from './layout.ts';
import { COLD_ROWS } from './settings.ts';

const LEAST_LOG_GAIN = Math.log(0.01);
const MOST_LOG_GAIN = Math.log(0.5);

/** Standard deviation from a mean absolute residual (1.25 for normal data), with its floors. */
export const deviation = (scale: number, wide: number, least: number): number => Math.max(1.25 * scale, 0.4 * wide) + least;

/** What Float32 rounds is no residual. */
export const snap = (error: number, rounding: number): number => (error < rounding && error > -rounding ? 0 : error);

/** Standardised residual. A small count is at least Poisson; below its mean the deviate is Pearson's, which does not overstate an empty bucket. */
export function deviate(error: number, found: number, uncertainty: number, counting: boolean, y: number): number {
  const centre = y - error;
  const least = counting && centre < 4.5 && found < 1 ? 1 : found;
  const deviation = uncertainty > 0 ? Math.hypot(least, uncertainty) : least;
  if (!counting || error >= 0) return error / deviation;
  const mean = (centre * centre + found * found) / 4 - 0.375;
  return mean > 400 ? error / deviation : ((y * y) / 4 - 0.375 - mean) / (Math.sqrt(Math.max(mean, 0.01)) * deviation);
}

/** Size of a deviate, logarithmic beyond four, so that wild values keep an order without drowning the tail. */
export const compress = (z: number): number => {
  const size = Math.abs(z);
  return size <= 4 ? size : 4 + 4 * Math.log(size / 4);
};
/** The deviate of a size. */
export const expand = (size: number): number => (size <= 4 ? size : 4 * Math.exp((size - 4) / 4));

/** A residual of `z` deviations, cut at `clip` of them. */
export const cutAt = (error: number, z: number, clip: number): number => (Math.abs(z) > clip ? (error * clip) / Math.abs(z) : error);

/** Beyond 12 the logarithm goes on: the order stays, the number stays readable. */
export const soften = (score: number): number => (score <= 12 ? score : Math.min(300, 12 + 4 * Math.log(score / 12)));

/** The slow level; its gain grows while neighbouring residuals agree in sign and shrinks while they do not, so that residuals become white. */
export function learnSlowLevel(
  state: Float32Array,
  row: number,
  error: number,
  deviation: number,
  regressor: number,
  z: number,
  rows: number,
  clip: number,
): void {
  const seen = state[row + SEASONAL_ROWS]!;
  const square = state[row + REGRESSOR]! + Math.max(1 / (seen + 1), 1 / 300) * (regressor * regressor - state[row + REGRESSOR]!);
  state[row + REGRESSOR] = square;
  const bounded = z > 1.5 ? 1.5 : Math.max(z, -1.5);
  const product = bounded * state[row + LAST_DEVIATE]!;
  state[row + LAST_DEVIATE] = bounded;
  if (state[row + COUNTING] !== 1) {
    state[row + LAG_PRODUCT] = state[row + LAG_PRODUCT]! + 0.002 * (product - state[row + LAG_PRODUCT]!);
    state[row + LAG_SQUARE] = state[row + LAG_SQUARE]! + 0.002 * (bounded * bounded - state[row + LAG_SQUARE]!);
  }
  const gain = Math.min(MOST_LOG_GAIN, Math.max(LEAST_LOG_GAIN, state[row + LOG_GAIN]! + 0.002 * (product - 0.05)));
  state[row + LOG_GAIN] = gain;
  const level = state[row + SLOW_LEVEL]! + (Math.exp(gain) * cutAt(error, error / deviation, clip) * regressor) / (square + 1e-12);
  state[row + SLOW_LEVEL] = level;
  state[row + WEEK_LEVEL] = state[row + WEEK_LEVEL]! + (level - state[row + WEEK_LEVEL]!) / Math.min(rows, 1000);
}

/** Mean absolute residual of one channel, cut and hardly cut. */
export function learnScale(state: Float32Array, row: number, channel: number, error: number, cut: number, rows: number): void {
  const at = row + SCALES + channel;
  state[at] = state[at]! + Math.max(0.005, 1 / rows) * (Math.abs(cut) - state[at]!);
  const wideAt = row + WIDE_SCALES + channel;
  const wide = state[wideAt]!;
  const size = Math.abs(error);
  const bounded = rows > COLD_ROWS && wide > 0 && size > 30 * wide ? 30 * wide : size;
  if (rows > 1) state[wideAt] = wide + Math.max(1 / 2000, 1 / rows) * (bounded - wide);
}
