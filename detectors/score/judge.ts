/** One row of one series: judged against everything before it, then learned. */
import { judgeAlarm, refrain } from './alarm.ts';
import { dropOddSight, learnProfile, profileAt, secondOfDay, weekDeviation } from './baseline.ts';
import { countVariance, countWeek, learnCounts, moveCountLevel } from './counts.ts';
import { surpriseOf } from './extremes.ts';
import * as L from './layout.ts';
import { compress, cutAt, deviate, deviation, expand, learnScale, learnSlowLevel, snap, soften } from './levels.ts';
import { keepTime, leaveCounting } from './series.ts';
import { COLD_ROWS, type ScoreSettings } from './settings.ts';
import type { BankParts } from './snapshot.ts';
import { learnSumTail, learnTail, sumScore, tailLimit, tailScore, whiteSumScore } from './tails.ts';

const DAY = 86_400;
const LARGEST = 1e30;
/** The CUSUM speaks alone after two weeks, while neighbouring residuals are nearly uncorrelated and the level hardly moves. */
export const WHITE_DAYS = 14;
const WHITE_CORRELATION = 0.25;
/** The same for a count, whose level is modelled more closely. */
const WHITE_COUNT_CORRELATION = 0.15;
const WHITE_LOG_GAIN = Math.log(0.05);
/** Deviations at which a white count's residuals are cut before they teach the profile, and the week: an outage is no habit. */
const WHITE_CLIP = 3;
const WHITE_WEEK_CLIP = 1.5;
/** Least share of a new day in the profile, and in that of a white count. */
const PROFILE_GAIN = 0.05;
const WHITE_PROFILE_GAIN = 0.03;
/** Three other channels looked at the same row. */
const LOOKS = Math.log10(4);
/** The band shows where one channel alone reaches p = 10^-3. */
const BAND_SCORE = 3;
/** A CUSUM step is cut here, and its sum there, so that it ends with the trouble. */
const STEP_CAP = 5;
const SUM_CAP = 30;

/** Page's sum for one direction after a deviate. */
const page = (sum: number, z: number, allowance: number): number => {
  const next = sum + Math.max(-STEP_CAP, Math.min(STEP_CAP, z)) - allowance;
  return Math.max(0, Math.min(SUM_CAP, next));
};

/** Whether theory may be trusted: deviates are nearly uncorrelated after two weeks, and the level hardly moves. */
function isWhite(state: Float32Array, row: number, days: number, counts: boolean): boolean {
  const limit = counts ? WHITE_COUNT_CORRELATION : WHITE_CORRELATION;
  return (
    days >= WHITE_DAYS && state[row + L.LAG_PRODUCT]! < limit * state[row + L.LAG_SQUARE]! && state[row + L.LOG_GAIN]! < WHITE_LOG_GAIN
  );
}

/** Writes the band of the better channel, in the units of the value. */
function writeBand(bank: BankParts, index: number, counting: boolean, centre: number, half: number): void {
  bank.expected[index] = counting ? Math.max(0, (centre * Math.abs(centre)) / 4 - 0.375) : centre;
  bank.lower[index] = counting ? Math.max(0, Math.max(0, centre - half) ** 2 / 4 - 0.375) : centre - half;
  bank.upper[index] = counting ? Math.max(0, Math.max(0, centre + half) ** 2 / 4 - 0.375) : centre + half;
}

/** Judges and learns one row; parameters and result are those of `SeriesBank.push`. */
export function judge(
  bank: BankParts,
  settings: ScoreSettings,
  index: number,
  time: number,
  value: number,
  common: number,
  uncertainty: number,
  levelPart: number,
): number {
  const { state, times } = bank;
  const row = index * L.STRIDE;
  if (!Number.isFinite(value) || !Number.isFinite(time)) {
    bank.score[index] = 0;
    bank.alarm[index] = state[row + L.ALARM]! > 0 ? 1 : 0;
    return 0;
  }
  const x = value > LARGEST ? LARGEST : Math.max(value, -LARGEST);
  const rows = state[row + L.ROWS]! + 1;
  if (state[row + L.COUNTING] === 1 && (x < 0 || x !== Math.floor(x))) leaveCounting(state, row, rows);
  const counting = state[row + L.COUNTING] === 1;
  const y = counting ? 2 * Math.sqrt(x + 0.375) : x;
  const previous = times[index * 2 + 1]!;
  const learns = keepTime(state, row, times, index * 2, time, rows, y);
  const days = (time - times[index * 2]!) / DAY;

  // Residuals of the three channels.
  if (counting && learns) dropOddSight(state, row, time, y, days);
  const daily = profileAt(state, row, time);
  const seasonal = !Number.isNaN(daily);
  const counts = counting && seasonal;
  const regressor = counts ? daily : 1;
  const profile = seasonal ? daily + regressor * weekDeviation(state, row, time, 0, counting) : daily;
  const plain = state[row + L.PLAIN_LEVEL]!;
  const rounding = 1e-6 * Math.abs(y);
  const errorPlain = snap(y - plain, rounding);
  const errorSharp = seasonal ? snap(y - profile - common - state[row + L.SHARP_LEVEL]!, rounding) : errorPlain;
  const errorSlow = seasonal ? snap(y - profile - common - state[row + L.SLOW_LEVEL]! * regressor, rounding) : errorPlain;

  // Their scales: by the hour where known, never below a share of what the uncut residuals say.
  const hour = row + L.HOUR_SCALE + Math.floor(secondOfDay(time) / 3600);
  const slowScale = state[row + L.SCALES + 1]!;
  const known = state[row + L.SEASONAL_ROWS]! / L.DAY_HOURS;
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

  // The band of the better channel.
  const bySeason = seasonal && state[row + L.SCALES]! < state[row + L.SCALES + 2]!;
  if (rows > 1) {
    const tailAt = row + L.TAILS + (bySeason ? 0 : 8);
    const half = (bySeason ? deviationSharp : deviationPlain) * expand(tailLimit(state, tailAt, BAND_SCORE));
    writeBand(bank, index, counting, bySeason ? y - errorSharp : plain, half);
  } else {
    bank.expected[index] = bank.lower[index] = bank.upper[index] = x;
  }

  // CUSUMs: of the slow channel, and of a count against its own model.
  const down = page(state[row + L.SUM_DOWN]!, -zSlow, settings.allowance);
  const up = page(state[row + L.SUM_UP]!, zSlow, settings.allowance);
  const sum = Math.max(down, up);
  let errorCount = 0;
  let variance = 1;
  let zCount = 0;
  let countSum = 0;
  if (counts) {
    if (learns) moveCountLevel(state, row, time, previous);
    const week = countWeek(state, row, time, previous, daily, days, learns);
    const centre = daily * (1 + week + state[row + L.COUNT_LEVEL]!) + common;
    errorCount = snap(y - centre, rounding);
    variance = countVariance(state, row, centre) + state[row + L.LEVEL_VARIANCE]! * daily * daily;
    zCount = errorCount / Math.sqrt(variance + uncertainty * uncertainty);
    const countDown = page(state[row + L.COUNT_DOWN]!, -zCount / youngSlow, settings.allowance);
    const countUp = page(state[row + L.COUNT_UP]!, zCount / youngSlow, settings.allowance);
    countSum = Math.max(countDown, countUp);
    if (learns) {
      state[row + L.COUNT_DOWN] = countDown;
      state[row + L.COUNT_UP] = countUp;
    }
  }

  // Score.
  const a = tailScore(state, row + L.TAILS, sizeSharp);
  const b = tailScore(state, row + L.TAILS + 4, sizeSlow);
  const c = tailScore(state, row + L.TAILS + 8, sizePlain);
  const d = sumScore(state, row, sum);
  const news = learns ? surpriseOf(state, row, y, bySeason ? errorSharp : errorPlain, least, rows) : 0;
  const white = isWhite(state, row, days, counts);
  let evidence = 0;
  if (rows >= COLD_ROWS && white) {
    evidence = Math.max(counts ? whiteSumScore(countSum, settings.allowance) : d, Math.max(a, b, c) - LOOKS);
  } else if (rows >= COLD_ROWS) {
    const strongest = Math.max(a, b, c, d);
    evidence = strongest / 2 + (a + b + c + d - strongest) / 6 + settings.noveltyWeight * news;
  }
  evidence = evidence > 0 ? soften(evidence) : 0;
  if (!learns) {
    bank.score[index] = evidence;
    bank.alarm[index] = state[row + L.ALARM]! > 0 ? 1 : 0;
    return evidence;
  }
  const judged = refrain(state, row, evidence, settings.refractoryRows);
  bank.score[index] = judged;
  bank.alarm[index] = judgeAlarm(state, row, judged, evidence, settings);

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
  const trusted = white && counts;
  const shapeError = trusted ? cutAt(errorCount, zCount, WHITE_CLIP) : cutSlow;
  const weekError = trusted ? cutAt(errorCount, zCount, WHITE_WEEK_CLIP) : cutSlow;
  state[row + L.PLAIN_LEVEL] = plain + Math.max(2 / (settings.plainRows + 1), 1 / rows) * (rows < COLD_ROWS ? errorPlain : cutPlain);
  if (seasonal) {
    state[row + L.SHARP_LEVEL] = state[row + L.SHARP_LEVEL]! + (2 / (settings.sharpRows + 1)) * cutSharp;
    learnSlowLevel(state, row, errorSlow + levelPart, deviationSlow, regressor, zSum, rows, settings.slowClip);
    state[hour] = byHour > 0 ? byHour + Math.max(0.01, 1 / (known + 1)) * (Math.abs(cutSlow) - byHour) : Math.abs(cutSlow);
  }
  if (counts) {
    // What is common stays common: a count's own level does not take it over, but for what comes back through the week's level.
    const cut = cutAt(errorCount, errorCount / Math.sqrt(variance), settings.slowClip);
    learnCounts(state, row, x, y - errorCount, cut, zCount, variance, daily);
  }
  learnScale(state, row, 0, errorSharp, cutSharp, rows);
  learnScale(state, row, 1, errorSlow, cutSlow, rows);
  learnScale(state, row, 2, errorPlain, cutPlain, rows);
  const level = counts ? state[row + L.COUNT_LEVEL]! : state[row + L.SLOW_LEVEL]!;
  const fromUsual = weekError + (level - state[row + L.WEEK_LEVEL]!) * regressor;
  const gain = trusted ? WHITE_PROFILE_GAIN : PROFILE_GAIN;
  learnProfile(state, row, time, previous, y, shapeError, fromUsual, regressor, seasonal, days, gain);
  return judged;
}
