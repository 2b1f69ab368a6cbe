import { judgeAlarm } from './alarm.ts';
import { learnProfile, profileAt, secondOfDay, weekDeviation } from './baseline.ts';
import { beginExtremes, surpriseOf } from './extremes.ts';
import * as L from './layout.ts';
import { type ScoreSettings, SHIPPED } from './settings.ts';
import { type BankParts, restoreBank, snapshotBank } from './snapshot.ts';
import { beginSumTail, beginTail, learnSumTail, learnTail, sumScore, tailLimit, tailScore } from './tails.ts';

const DAY = 86_400;
const LARGEST = 1e30;
/** Rows that teach but do not speak: no scale is known before. */
const COLD_ROWS = 30;
/** Rows in a row that go back in time before the new clock is believed. */
const LATE_ROWS = 100;
/** The CUSUM speaks alone after two weeks, while neighbouring residuals are nearly uncorrelated and the level hardly moves. */
const WHITE_DAYS = 14;
const WHITE_CORRELATION = 0.25;
const WHITE_LOG_GAIN = Math.log(0.05);
/** Three other channels looked at the same row. */
const LOOKS = Math.log10(4);
/** The band shows where one channel alone reaches p = 10^-3. */
const BAND_SCORE = 3;

/** Scores many series, each in 1024 bytes. */
export interface SeriesBank {
  /** Number of series it has room for. */
  readonly size: number;
  /** Of the last push of each series, in the units of the value; NaN before the first. `grow` replaces these arrays: read them from the bank each time. */
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** -log10 of the calibrated tail probability; finite, >= 0. */
  readonly score: Float64Array;
  /** 1 while an alarm is on. */
  readonly alarm: Uint8Array;
  /**
   * Judges one row against everything before it, then learns it.
   * @param time epoch seconds
   * @param value NaN and infinities are gaps: score 0, nothing learned
   * @param common expected part of the residual that all peers share (see `pushTick`), in transformed units, with its uncertainty
   * @returns the score
   */
  push(index: number, time: number, value: number, common?: number, uncertainty?: number, levelPart?: number): number;
  /**
   * What the bank expects before a push: [expectation, value, deviation, then the change of the expectation if today were 1 … 6 weekdays later], all in
   * transformed units. False where the series is no count, is younger than two weeks, or the value is a gap.
   */
  look(index: number, time: number, value: number, into: Float64Array): boolean;
  /** How the expectation changes if today were `later` (1-6) weekdays later, in transformed units; NaN where the series has not seen a whole week. */
  dayDifference(index: number, time: number, later: number): number;
  /** What profile and slow level let expect, in transformed units; NaN where no profile is known. */
  usual(index: number, time: number, level?: number): number;
  /** The slow level as it stands: relative for counts, else in the units of the value. It may be given back to `usual`, as it was before. */
  level(index: number): number;
  /** A transformed figure in the units of the value; NaN stays NaN. */
  inValues(index: number, transformed: number): number;
  /**
   * Begins a series anew, as if it had never been pushed.
   * @throws RangeError where there is no such series
   */
  forget(index: number): void;
  /** One series as bytes, with version and checksum: to be stored as a row and put back by `restoreOf`, also into another place or bank. */
  snapshotOf(index: number): Uint8Array;
  /** @throws RangeError for bytes of another size, version or checksum; the bank is then unchanged */
  restoreOf(index: number, bytes: Uint8Array): void;
  /**
   * Makes room for more series, which begin empty; costs a copy of the bank, so at least double it.
   * @throws RangeError where `size` is smaller than now
   */
  grow(size: number): void;
  /** Everything learned, as bytes; the same outputs follow after `restore`. */
  snapshot(): Uint8Array;
  /** @throws RangeError for bytes of another size, version or checksum; the bank is then unchanged */
  restore(bytes: Uint8Array): void;
}

/**
 * # Series bank
 * The detector over many series at once, strictly causal, with one configuration for every series whatever its step. Three residuals (against the daily
 * and weekly profile with a sharp level, with a slow level, and against a plain moving level), each with a tail learned as it goes; a CUSUM of the second
 * for drops that last; the novelty of value, mean of 12 rows and residual. Counts are judged on the square-root scale.
 *
 * Cost: about half a microsecond a row; 1024 bytes a series.
 *
 * Bad input: a gap is a value that is not finite; a value beyond 1e30 counts as 1e30; a row that is not later than the one before is judged but teaches
 * nothing, until 100 such rows in a row make the new clock the true one; a constant series scores 0 until it moves; a new unit is learned within some hundred rows.
 *
 * @param size number of series
 * @example
 * const bank = createSeriesBank(1);
 * for (let i = 0; i < 500; i++) bank.push(0, i * 60, 100 + (i % 7));
 * bank.push(0, 500 * 60, 160) > 4; // => true
 */
export function createSeriesBank(size: number, settings: ScoreSettings = SHIPPED): SeriesBank {
  let state = new Float32Array(0);
  /** First and last time of each series. */
  let times = new Float64Array(0);
  let expected = new Float64Array(0);
  let lower = new Float64Array(0);
  let upper = new Float64Array(0);
  let score = new Float64Array(0);
  let alarm = new Uint8Array(0);
  const clear = (index: number): void => {
    begin(state, index * L.STRIDE, settings);
    times.fill(Number.NaN, index * 2, index * 2 + 2);
    expected[index] = lower[index] = upper[index] = Number.NaN;
    score[index] = alarm[index] = 0;
  };
  const grow = (room: number): void => {
    const before = score.length;
    if (!(Number.isSafeInteger(room) && room >= before)) throw new RangeError(`series bank: it cannot go from ${before} series to ${room}`);
    state = moved(state, new Float32Array(room * L.STRIDE));
    times = moved(times, new Float64Array(room * 2));
    expected = moved(expected, new Float64Array(room));
    lower = moved(lower, new Float64Array(room));
    upper = moved(upper, new Float64Array(room));
    score = moved(score, new Float64Array(room));
    alarm = moved(alarm, new Uint8Array(room));
    for (let index = before; index < room; index++) clear(index);
  };
  grow(size);

  const push = (index: number, time: number, value: number, common = 0, uncertainty = 0, levelPart = 0): number => {
    const row = index * L.STRIDE;
    if (!Number.isFinite(value) || !Number.isFinite(time)) {
      score[index] = 0;
      alarm[index] = state[row + L.ALARM]!;
      return 0;
    }
    const x = value > LARGEST ? LARGEST : Math.max(value, -LARGEST);
    const rows = state[row + L.ROWS]! + 1;
    if (state[row + L.COUNTING] === 1 && (x < 0 || x !== Math.floor(x))) leaveCounting(state, row, rows);
    const counting = state[row + L.COUNTING] === 1;
    const y = counting ? 2 * Math.sqrt(x + 0.375) : x;
    const learns = keepTime(state, row, times, index * 2, time, rows, y);
    const days = (time - times[index * 2]!) / DAY;

    // Residuals of the three channels.
    const profile = profileAt(state, row, time);
    const seasonal = !Number.isNaN(profile);
    const regressor = counting && seasonal ? profile : 1;
    const plain = state[row + L.PLAIN_LEVEL]!;
    const rounding = 1e-6 * Math.abs(y);
    const errorPlain = snap(y - plain, rounding);
    const errorSharp = seasonal ? snap(y - profile - common - state[row + L.SHARP_LEVEL]!, rounding) : errorPlain;
    const errorSlow = seasonal ? snap(y - profile - common - state[row + L.SLOW_LEVEL]! * regressor, rounding) : errorPlain;

    // Their scales: by the hour where known, never below a share of what the uncut residuals say.
    const hour = row + L.HOUR_SCALE + Math.floor(secondOfDay(time) / 3600);
    const slowScale = state[row + L.SCALES + 1]!;
    const known = state[row + L.SEASONAL_ROWS]! / 24;
    const byHour = state[hour]!;
    const hourly = known > 0 && byHour > 0 ? Math.sqrt((byHour * byHour * known + slowScale * slowScale * 50) / (known + 50)) : slowScale;
    const least = 1e-9 + 1e-4 * Math.abs(plain);
    const atHour = slowScale > 0 ? hourly / slowScale : 1;
    const deviationSharp = deviation(state[row + L.SCALES]! * atHour, state[row + L.WIDE_SCALES]!, least);
    const deviationSlow = deviation(hourly, state[row + L.WIDE_SCALES + 1]!, least);
    const deviationPlain = deviation(state[row + L.SCALES + 2]!, state[row + L.WIDE_SCALES + 2]!, least);
    const young = 1 + 3 / Math.max(0.5, days);
    const youngSlow = 1 + 1 / Math.max(0.5, days);
    const zSharp = deviate(errorSharp, deviationSharp, uncertainty, counting, y);
    const zSlow = deviate(errorSlow, deviationSlow, uncertainty, counting, y) / youngSlow;
    const zSum = (zSlow * youngSlow) / young;
    const zPlain = deviate(errorPlain, deviationPlain, 0, counting, y);
    const sizeSharp = compress(zSharp);
    const sizeSlow = compress(zSlow);
    const sizePlain = compress(zPlain);

    // The band of the better channel, in the units of the value.
    const bySeason = seasonal && state[row + L.SCALES]! < state[row + L.SCALES + 2]!;
    const centre = bySeason ? y - errorSharp : plain;
    const tailAt = row + L.TAILS + (bySeason ? 0 : 8);
    const half = (bySeason ? deviationSharp : deviationPlain) * expand(tailLimit(state, tailAt, BAND_SCORE));
    if (rows > 1) {
      expected[index] = counting ? Math.max(0, (centre * Math.abs(centre)) / 4 - 0.375) : centre;
      lower[index] = counting ? Math.max(0, Math.max(0, centre - half) ** 2 / 4 - 0.375) : centre - half;
      upper[index] = counting ? Math.max(0, Math.max(0, centre + half) ** 2 / 4 - 0.375) : centre + half;
    } else {
      expected[index] = lower[index] = upper[index] = x;
    }

    // CUSUM of the slow channel.
    const cut = zSlow > 5 ? 5 : Math.max(zSlow, -5);
    const down = Math.min(30, Math.max(0, state[row + L.SUM_DOWN]! - cut - settings.allowance));
    const up = Math.min(30, Math.max(0, state[row + L.SUM_UP]! + cut - settings.allowance));
    const sum = Math.max(down, up);

    // Score.
    const a = tailScore(state, row + L.TAILS, sizeSharp);
    const b = tailScore(state, row + L.TAILS + 4, sizeSlow);
    const c = tailScore(state, row + L.TAILS + 8, sizePlain);
    const d = sumScore(state, row, sum);
    const strongest = Math.max(a, b, c, d);
    const together = strongest / 2 + (a + b + c + d - strongest) / 6;
    const white =
      days >= WHITE_DAYS &&
      state[row + L.LAG_PRODUCT]! < WHITE_CORRELATION * state[row + L.LAG_SQUARE]! &&
      state[row + L.LOG_GAIN]! < WHITE_LOG_GAIN;
    const news = learns ? surpriseOf(state, row, y, bySeason ? errorSharp : errorPlain, least, rows) : 0;
    let evidence = 0;
    if (rows >= COLD_ROWS) evidence = white ? Math.max(d, Math.max(a, b, c) - LOOKS) : together + settings.noveltyWeight * news;
    evidence = evidence > 0 ? soften(evidence) : 0;
    if (!learns) {
      score[index] = evidence;
      alarm[index] = state[row + L.ALARM]!;
      return evidence;
    }
    const judged = refrain(state, row, evidence, settings.refractoryRows);
    score[index] = judged;
    alarm[index] = judgeAlarm(state, row, judged, evidence, settings);

    // Learn.
    state[row + L.ROWS] = rows;
    state[row + L.SUM_DOWN] = down;
    state[row + L.SUM_UP] = up;
    if (rows >= COLD_ROWS) {
      learnTail(state, row + L.TAILS, sizeSharp, rows);
      learnTail(state, row + L.TAILS + 4, sizeSlow, rows);
      learnTail(state, row + L.TAILS + 8, sizePlain, rows);
      learnSumTail(state, row, sum, rows);
    }
    const cutSharp = cutAt(errorSharp, zSharp, settings.clip);
    const cutSlow = cutAt(errorSlow, zSlow, settings.clip);
    const cutPlain = cutAt(errorPlain, zPlain, settings.clip);
    state[row + L.PLAIN_LEVEL] = plain + Math.max(2 / (settings.plainRows + 1), 1 / rows) * (rows < COLD_ROWS ? errorPlain : cutPlain);
    if (seasonal) {
      state[row + L.SHARP_LEVEL] = state[row + L.SHARP_LEVEL]! + (2 / (settings.sharpRows + 1)) * cutSharp;
      learnSlowLevel(state, row, errorSlow + levelPart, deviationSlow, regressor, zSum, rows, settings.slowClip);
      state[hour] = byHour > 0 ? byHour + Math.max(0.01, 1 / (known + 1)) * (Math.abs(cutSlow) - byHour) : Math.abs(cutSlow);
    }
    learnScale(state, row, 0, errorSharp, cutSharp, rows);
    learnScale(state, row, 1, errorSlow, cutSlow, rows);
    learnScale(state, row, 2, errorPlain, cutPlain, rows);
    const weekError = cutSlow + (state[row + L.SLOW_LEVEL]! - state[row + L.WEEK_LEVEL]!) * regressor;
    learnProfile(state, row, time, y, cutSlow, weekError, seasonal, days);
    return judged;
  };

  const look = (index: number, time: number, value: number, into: Float64Array): boolean => {
    const row = index * L.STRIDE;
    if (!Number.isFinite(value) || !(time - times[index * 2]! >= WHITE_DAYS * DAY) || !(time > times[index * 2 + 1]!)) return false;
    const counting = state[row + L.COUNTING] === 1;
    const profile = profileAt(state, row, time);
    if (Number.isNaN(profile) || !counting || value < 0 || value !== Math.floor(value)) return false;
    into[0] = profile * (1 + state[row + L.SLOW_LEVEL]!);
    into[1] = 2 * Math.sqrt(value + 0.375);
    into[2] = Math.max(1.25 * (state[row + L.HOUR_SCALE + Math.floor(secondOfDay(time) / 3600)]! || state[row + L.SCALES + 1]!), 1e-9);
    const today = weekDeviation(state, row, time, 0);
    for (let later = 1; later < 7; later++) into[2 + later] = weekDeviation(state, row, time, later) - today;
    return true;
  };

  const dayDifference = (index: number, time: number, later: number): number => {
    if (!(time - times[index * 2]! >= 7 * DAY)) return Number.NaN;
    return weekDeviation(state, index * L.STRIDE, time, later) - weekDeviation(state, index * L.STRIDE, time, 0);
  };
  const usual = (index: number, time: number, level = state[index * L.STRIDE + L.SLOW_LEVEL]!): number => {
    const row = index * L.STRIDE;
    const profile = profileAt(state, row, time);
    return profile + level * (state[row + L.COUNTING] === 1 ? profile : 1);
  };

  const inValues = (index: number, y: number): number =>
    state[index * L.STRIDE + L.COUNTING] === 1 ? Math.max(0, (y * Math.abs(y)) / 4 - 0.375) : y;

  const mustExist = (index: number): void => {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < score.length))
      throw new RangeError(`series bank: no series ${index} among ${score.length}`);
  };
  const forget = (index: number): void => {
    mustExist(index);
    clear(index);
  };
  /** The figures of one series, as views. */
  const partOf = (index: number): BankParts => {
    mustExist(index);
    return {
      state: state.subarray(index * L.STRIDE, (index + 1) * L.STRIDE),
      times: times.subarray(index * 2, index * 2 + 2),
      expected: expected.subarray(index, index + 1),
      lower: lower.subarray(index, index + 1),
      upper: upper.subarray(index, index + 1),
      score: score.subarray(index, index + 1),
      alarm: alarm.subarray(index, index + 1),
    };
  };
  const whole = (): BankParts => ({ state, times, expected, lower, upper, score, alarm });
  return {
    get size() {
      return score.length;
    },
    get expected() {
      return expected;
    },
    get lower() {
      return lower;
    },
    get upper() {
      return upper;
    },
    get score() {
      return score;
    },
    get alarm() {
      return alarm;
    },
    push,
    look,
    dayDifference,
    usual,
    level: (index) => state[index * L.STRIDE + L.SLOW_LEVEL]!,
    inValues,
    forget,
    grow,
    snapshotOf: (index) => snapshotBank(partOf(index)),
    restoreOf: (index, bytes) => restoreBank(bytes, partOf(index)),
    snapshot: () => snapshotBank(whole()),
    restore: (bytes) => restoreBank(bytes, whole()),
  };
}

/** A longer array that begins with what the old one holds. */
function moved<Figures extends Float32Array | Float64Array | Uint8Array>(from: Figures, into: Figures): Figures {
  into.set(from);
  return into;
}

/** Writes the row of a series that has seen nothing. */
function begin(state: Float32Array, row: number, settings: ScoreSettings): void {
  state.fill(0, row, row + L.STRIDE);
  state.fill(Number.NaN, row + L.PROFILE, row + L.PROFILE + L.PROFILE_BUCKETS);
  state[row + L.COUNTING] = 1;
  state[row + L.BUCKET] = -1;
  state[row + L.BLOCK] = -1;
  state[row + L.LOG_GAIN] = Math.log(2 / 61);
  state[row + L.LAG_SQUARE] = 1;
  for (let tail = 0; tail < 3; tail++) beginTail(state, row + L.TAILS + tail * 4);
  beginSumTail(state, row, settings.allowance);
  beginExtremes(state, row);
}

/** Keeps step and last time; false for a row that must teach nothing because its time did not grow. */
function keepTime(state: Float32Array, row: number, times: Float64Array, at: number, time: number, rows: number, y: number): boolean {
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

/** Turns what was learned on the square-root scale into the plain scale, once, when the first value is seen that is no count. */
function leaveCounting(state: Float32Array, row: number, rows: number): void {
  state[row + L.COUNTING] = 0;
  if (rows === 1) return;
  const back = (y: number): number => (y * Math.abs(y)) / 4 - 0.375;
  const slope = Math.abs(state[row + L.PLAIN_LEVEL]!) / 2 || 1;
  for (let at = row + L.PROFILE; at < row + L.PROFILE + L.PROFILE_BUCKETS; at++) state[at] = back(state[at]!);
  for (let at = row + L.WEEK; at < row + L.WEEK + L.WEEK_BLOCKS; at++) state[at] = state[at]! * slope;
  for (let at = row + L.HOUR_SCALE; at < row + L.HOUR_SCALE + L.DAY_HOURS; at++) state[at] = state[at]! * slope;
  for (let at = row + L.SCALES; at < row + L.SCALES + 6; at++) state[at] = state[at]! * slope;
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

/** Standard deviation from a mean absolute residual (1.25 for normal data), with its floors. */
const deviation = (scale: number, wide: number, least: number): number => Math.max(1.25 * scale, 0.4 * wide) + least;

/** What Float32 rounds is no residual. */
const snap = (error: number, rounding: number): number => (error < rounding && error > -rounding ? 0 : error);

/** Standardised residual. A small count is at least Poisson; below its mean the deviate is Pearson's, which does not overstate an empty bucket. */
function deviate(error: number, found: number, uncertainty: number, counting: boolean, y: number): number {
  const centre = y - error;
  const least = counting && centre < 4.5 && found < 1 ? 1 : found;
  const deviation = uncertainty > 0 ? Math.hypot(least, uncertainty) : least;
  if (!counting || error >= 0) return error / deviation;
  const mean = (centre * centre + found * found) / 4 - 0.375;
  return mean > 400 ? error / deviation : ((y * y) / 4 - 0.375 - mean) / (Math.sqrt(Math.max(mean, 0.01)) * deviation);
}

/** Size of a deviate, logarithmic beyond four, so that wild values keep an order without drowning the tail. */
const compress = (z: number): number => {
  const size = Math.abs(z);
  return size <= 4 ? size : 4 + 4 * Math.log(size / 4);
};
/** The deviate of a size. */
const expand = (size: number): number => (size <= 4 ? size : 4 * Math.exp((size - 4) / 4));

const cutAt = (error: number, z: number, clip: number): number => (Math.abs(z) > clip ? (error * clip) / Math.abs(z) : error);

/** Beyond 12 the logarithm goes on: the order stays, the number stays readable. */
const soften = (score: number): number => (score <= 12 ? score : Math.min(300, 12 + 4 * Math.log(score / 12)));

/** What was just said is no news: for some rows after a score, weaker ones count half. */
function refrain(state: Float32Array, row: number, evidence: number, rows: number): number {
  const left = state[row + L.HOLD]!;
  if (left > 0 && evidence <= state[row + L.HOLD_SCORE]!) {
    state[row + L.HOLD] = left - 1;
    return evidence / 2;
  }
  if (left > 0 || evidence >= 2) {
    state[row + L.HOLD] = rows;
    state[row + L.HOLD_SCORE] = evidence;
  }
  return evidence;
}

/** The slow level; its gain grows while neighbouring residuals agree in sign and shrinks while they do not, so that residuals become white. */
function learnSlowLevel(
  state: Float32Array,
  row: number,
  error: number,
  deviation: number,
  regressor: number,
  z: number,
  rows: number,
  clip: number,
): void {
  const seen = state[row + L.SEASONAL_ROWS]!;
  const square = state[row + L.REGRESSOR]! + Math.max(1 / (seen + 1), 1 / 300) * (regressor * regressor - state[row + L.REGRESSOR]!);
  state[row + L.REGRESSOR] = square;
  const bounded = z > 1.5 ? 1.5 : Math.max(z, -1.5);
  const product = bounded * state[row + L.LAST_DEVIATE]!;
  state[row + L.LAST_DEVIATE] = bounded;
  state[row + L.LAG_PRODUCT] = state[row + L.LAG_PRODUCT]! + 0.002 * (product - state[row + L.LAG_PRODUCT]!);
  state[row + L.LAG_SQUARE] = state[row + L.LAG_SQUARE]! + 0.002 * (bounded * bounded - state[row + L.LAG_SQUARE]!);
  const gain = Math.min(Math.log(0.5), Math.max(Math.log(0.01), state[row + L.LOG_GAIN]! + 0.002 * (product - 0.05)));
  state[row + L.LOG_GAIN] = gain;
  const level = state[row + L.SLOW_LEVEL]! + (Math.exp(gain) * cutAt(error, error / deviation, clip) * regressor) / (square + 1e-12);
  state[row + L.SLOW_LEVEL] = level;
  state[row + L.WEEK_LEVEL] = state[row + L.WEEK_LEVEL]! + (level - state[row + L.WEEK_LEVEL]!) / Math.min(rows, 1000);
}

/** Mean absolute residual of one channel, cut and hardly cut. */
function learnScale(state: Float32Array, row: number, channel: number, error: number, cut: number, rows: number): void {
  const at = row + L.SCALES + channel;
  state[at] = state[at]! + Math.max(0.005, 1 / rows) * (Math.abs(cut) - state[at]!);
  const wideAt = row + L.WIDE_SCALES + channel;
  const wide = state[wideAt]!;
  const size = Math.abs(error);
  const bounded = rows > COLD_ROWS && wide > 0 && size > 30 * wide ? 30 * wide : size;
  if (rows > 1) state[wideAt] = wide + Math.max(1 / 2000, 1 / rows) * (bounded - wide);
}
