import { dayDifferenceOf, dayMeanOf, inValues, levelOf, lookAt, unsureOf, usualOf } from './expectation.ts';
import { judge } from './judge.ts';
import { STRIDE } from './layout.ts';
import { begin } from './series.ts';
import { type ScoreSettings, SHIPPED } from './settings.ts';
import { type BankParts, copyParts, emptyParts, partOf, restoreBank, snapshotBank } from './snapshot.ts';

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
   * transformed units, as many of them as `into` has room for. False where the series is no count, is younger than two weeks, or the value is a gap.
   */
  look(index: number, time: number, value: number, into: Float64Array): boolean;
  /** How the expectation changes if today were `later` (1-6) weekdays later, in transformed units; NaN where the series has not seen a whole week. */
  dayDifference(index: number, time: number, later: number): number;
  /** What profile and slow level let expect, in transformed units; NaN where no profile is known. */
  usual(index: number, time: number, level?: number): number;
  /**
   * Relative error of what a count is expected to be, `later` (0-6) weekdays later, as far as it is known beside chance: how much the share of the week differs
   * from block to block, and how much more than Poisson the series has scattered in the hours of its days. 0 where the series is no count.
   */
  unsure(index: number, time: number, later: number): number;
  /** Mean of the profile over the day, in the units of the value; NaN where no profile is known. */
  dayMean(index: number): number;
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
  let parts: BankParts = emptyParts(0);
  const clear = (index: number): void => {
    begin(parts.state, index * STRIDE, settings);
    parts.times.fill(Number.NaN, index * 2, index * 2 + 2);
    parts.expected[index] = parts.lower[index] = parts.upper[index] = Number.NaN;
    parts.score[index] = parts.alarm[index] = 0;
  };
  const grow = (room: number): void => {
    const before = parts.score.length;
    if (!(Number.isSafeInteger(room) && room >= before)) throw new RangeError(`series bank: it cannot go from ${before} series to ${room}`);
    const from = parts;
    parts = emptyParts(room);
    copyParts(from, parts);
    for (let index = before; index < room; index++) clear(index);
  };
  grow(size);

  const push = (index: number, time: number, value: number, common = 0, uncertainty = 0, levelPart = 0): number =>
    judge(parts, settings, index, time, value, common, uncertainty, levelPart);

  const mustExist = (index: number): number => {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < parts.score.length))
      throw new RangeError(`series bank: no series ${index} among ${parts.score.length}`);
    return index;
  };
  return {
    get size() {
      return parts.score.length;
    },
    get expected() {
      return parts.expected;
    },
    get lower() {
      return parts.lower;
    },
    get upper() {
      return parts.upper;
    },
    get score() {
      return parts.score;
    },
    get alarm() {
      return parts.alarm;
    },
    push,
    look: (index, time, value, into) => lookAt(parts, index, time, value, into),
    dayDifference: (index, time, later) => dayDifferenceOf(parts, index, time, later),
    usual: (index, time, level = levelOf(parts, index)) => usualOf(parts, index, time, level),
    unsure: (index, time, later) => unsureOf(parts, index, time, later),
    dayMean: (index) => dayMeanOf(parts, index),
    level: (index) => levelOf(parts, index),
    inValues: (index, transformed) => inValues(parts, index, transformed),
    forget: (index) => clear(mustExist(index)),
    grow,
    snapshotOf: (index) => snapshotBank(partOf(parts, mustExist(index))),
    restoreOf: (index, bytes) => restoreBank(bytes, partOf(parts, mustExist(index))),
    snapshot: () => snapshotBank(parts),
    restore: (bytes) => restoreBank(bytes, parts),
  };
}
